using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>
/// Promises P1 and P5: acknowledged means durable, also when the process that writes is killed in mid-batch. Not for a store that lives
/// and dies with its process.
/// </summary>
public abstract class CrashContract<TStore> : StoreContract<TStore> where TStore : ConfiguredStore, new()
{
    private readonly StorageOptions _settings;

    private protected CrashContract() => _settings = ((ConfiguredStore)Tested).Configure(Options);

    // Small limits, so that a store that has a log of its own copies it and starts it over all the time.
    private protected override StorageOptions Options { get; } = new() { WalLimitMiB = 1, CheckpointPages = 50 };

    // The first to open the store is the process that will be killed.
    public override Task InitializeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task Process_killed_while_writing_has_lost_nothing_it_acknowledged()
    {
        const int rounds = 3;
        const int acknowledgementsPerRound = 3_000;
        Dictionary<string, long> acknowledged = [];
        for (var round = 1; round <= rounds; round++)
        {
            using var child = new ChildProcess(ChildProgram.Write, _settings, ((ConfiguredStore)Tested).IsShared);
            for (var i = 0; i < acknowledgementsPerRound; i++)
            {
                Acknowledge(await child.Output.ReadLineAsync().Within("an acknowledgement"));
            }

            child.Kill();
            while (await child.Output.ReadLineAsync() is { } line)
            {
                Acknowledge(line);
            }

            await child.ExitedAsync();
            await Tested.OpenAsync(Options, Time);
            await CompareAsync(acknowledged);
            await Store.DisposeAsync();
        }

        void Acknowledge(string? line)
        {
            // The last line may be cut off by the kill; then its number would be lower, which claims less.
            if (line?.Split(' ') is [var id, var number] && long.TryParse(number, out var lowest))
            {
                acknowledged[id] = Math.Max(acknowledged.GetValueOrDefault(id), lowest + ChildProgram.Batch - 1);
            }
        }
    }

    private async Task CompareAsync(Dictionary<string, long> acknowledged)
    {
        acknowledged.Count.ShouldBe(ChildProgram.Ids);
        foreach (var (id, highest) in acknowledged)
        {
            var rows = await Store.Journal.ReadAsync(id);
            rows.Count.ShouldBeGreaterThanOrEqualTo((int)highest, $"{id} has what was acknowledged");
            (rows.Count % ChildProgram.Batch).ShouldBe(0, $"{id} has whole batches");
            rows.Select(row => (row.SequenceNr, row.Text())).ShouldBe(Enumerable.Range(1, rows.Count).Select(i => ((long)i, $"{id} {i}")));
        }
    }
}
