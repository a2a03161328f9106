using System.Globalization;

namespace ChatAkka.Replay.Faults;

/// <summary>Faults as the command line names them: <c>kill,stop-60s:1</c>.</summary>
internal static class FaultList
{
    /// <summary>Every kind of fault.</summary>
    public const string All = "all";

    /// <param name="times">How often each happens that doesn't say so.</param>
    /// <returns>Each name as often as it is to happen.</returns>
    /// <exception cref="FormatException">A name or number isn't one; the message says which.</exception>
    public static IReadOnlyList<string> Parse(string text, int times)
    {
        var names = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, often) = part.Split(':') switch
            {
                [var alone] => (alone, times),
                [var counted, var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                    (counted, number),
                _ => throw new FormatException($"'{part}' is no fault: write its name, or its name, a colon and how often"),
            };
            var all = name == All ? ClusterFaults.Names : [name];
            if (all.FirstOrDefault(n => !ClusterFaults.Names.Contains(n)) is { } unknown)
            {
                throw new FormatException($"there is no fault '{unknown}', but {string.Join(", ", ClusterFaults.Names)}, and {All}");
            }

            names.AddRange(all.SelectMany(n => Enumerable.Repeat(n, often)));
        }

        return names;
    }
}
