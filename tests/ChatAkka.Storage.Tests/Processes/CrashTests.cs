using ChatAkka.Storage.Sqlite;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>Promises P1 and P5: acknowledged means durable, also when the process is killed in mid-batch.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Process_killed_while_writing_has_lost_nothing_it_acknowledged()
    {
        const int rounds = 3;
        const int acknowledgementsPerRound = 3_000;
        Dictionary<string, long> acknowledged = [];
        for (var round = 1; round <= rounds; round++)
        {
            using var child = new ChildProcess(ChildProgram.Write, _directory.Path);
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
            await CompareAsync(acknowledged);
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

    [Fact]
    public async Task Second_process_on_the_same_directory_is_refused_with_a_sentence()
    {
        await using var store = SqliteStore.Open(new StorageOptions { DataDirectory = _directory.Path }, TimeProvider.System);

        using var child = new ChildProcess(ChildProgram.Open, _directory.Path);
        var (code, error) = await child.ExitedAsync();

        code.ShouldBe(1);
        error.ShouldContain("is in use by another process");
        error.ShouldContain("Storage:DataDirectory");
        await store.Journal.AppendAsync(Rows.Row("a", 1));
    }

    [Fact]
    public async Task Directory_is_free_again_once_its_process_was_killed()
    {
        using (var child = new ChildProcess(ChildProgram.Write, _directory.Path))
        {
            await child.Output.ReadLineAsync().Within("an acknowledgement");
            child.Kill();
            await child.ExitedAsync();
        }

        await using var store = SqliteStore.Open(new StorageOptions { DataDirectory = _directory.Path }, TimeProvider.System);
        store.Health.State.ShouldBe(StorageState.Available);
    }

    private async Task CompareAsync(Dictionary<string, long> acknowledged)
    {
        acknowledged.Count.ShouldBe(ChildProgram.Ids);
        await using var store = SqliteStore.Open(new StorageOptions { DataDirectory = _directory.Path }, TimeProvider.System);
        foreach (var (id, highest) in acknowledged)
        {
            var rows = await store.Journal.ReadAsync(id);
            rows.Count.ShouldBeGreaterThanOrEqualTo((int)highest, $"{id} has what was acknowledged");
            (rows.Count % ChildProgram.Batch).ShouldBe(0, $"{id} has whole batches");
            rows.Select(row => (row.SequenceNr, row.Text())).ShouldBe(Enumerable.Range(1, rows.Count).Select(i => ((long)i, $"{id} {i}")));
        }
    }
}
