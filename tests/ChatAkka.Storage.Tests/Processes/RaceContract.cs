using System.Globalization;
using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>
/// Promise P6 between processes: of several that believe that they own the same entity one commits each event, and the actor of whoever comes
/// too late stops. For stores that processes share.
/// </summary>
public abstract class RaceContract<TStore> : StoreContract<TStore> where TStore : ConfiguredStore, new()
{
    private const int Processes = 3;

    // The first to open the store are the processes.
    public override Task InitializeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task Processes_that_write_the_same_entities_have_each_event_from_one_and_the_others_stop()
    {
        const int acknowledgements = 150;
        var settings = ((ConfiguredStore)Tested).Configure(Options);
        ChildProcess[] children = [.. Enumerable.Range(0, Processes).Select(_ => new ChildProcess(ChildProgram.Race, settings, isShared: true))];
        try
        {
            var lines = (await Task.WhenAll(children.Select(child => ReadAsync(child, acknowledgements)))).SelectMany(read => read).ToArray();

            lines.Count(line => line.EndsWith(ChildProgram.Stopped, StringComparison.Ordinal)).ShouldBeGreaterThan(0, "they met");
            await Tested.OpenAsync(Options, Time);
            await CompareAsync(lines);
        }
        finally
        {
            foreach (var child in children)
            {
                child.Dispose();
            }
        }
    }

    [SkippableFact]
    public async Task Processes_that_open_a_new_store_at_once_all_succeed()
    {
        var settings = ((ConfiguredStore)Tested).Configure(Options);
        ChildProcess[] children = [.. Enumerable.Range(0, 5).Select(_ => new ChildProcess(ChildProgram.Open, settings, isShared: true))];

        foreach (var child in children)
        {
            using (child)
            {
                (await child.ExitedAsync()).ShouldBe((0, ""));
            }
        }

        await Tested.OpenAsync(Options, Time);
        await Store.Journal.AppendAsync(Rows.Row("a", 1));
    }

    // All that a process says up to so many acknowledgements, and until it is dead.
    private static async Task<List<string>> ReadAsync(ChildProcess child, int acknowledgements)
    {
        List<string> lines = [];
        for (var left = acknowledgements; left > 0;)
        {
            var line = (await child.Output.ReadLineAsync().Within("a line of a process")).ShouldNotBeNull();
            lines.Add(line);
            left -= TryParse(line, out _) ? 1 : 0;
        }

        child.Kill();
        while (await child.Output.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    // What else a process says is what its actors log.
    private static bool TryParse(string line, out (string Id, int Number, string Text) written)
    {
        written = default;
        if (line.Split(' ') is not [var id, var digits, var text] || !id.StartsWith(ChildProgram.RacerPrefix, StringComparison.Ordinal)
            || !int.TryParse(digits, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        written = (id, number, text);
        return true;
    }

    private async Task CompareAsync(string[] lines)
    {
        Dictionary<string, string[]> stored = [];
        for (var i = 0; i < ChildProgram.Racers; i++)
        {
            var id = $"{ChildProgram.RacerPrefix}{i}";
            var rows = await Store.Journal.ReadAsync(id);
            rows.Select(row => row.SequenceNr).ShouldBe(Enumerable.Range(1, rows.Count).Select(number => (long)number));
            stored[id] = [.. rows.Select(row => row.Text())];
        }

        var count = 0;
        foreach (var line in lines)
        {
            // The last line of a process may be cut off by its end: then it says less.
            if (TryParse(line, out var written))
            {
                stored[written.Id][written.Number - 1].ShouldStartWith(written.Text, Case.Sensitive, line);
                count++;
            }
        }

        count.ShouldBeGreaterThanOrEqualTo(Processes * 100);
    }
}
