namespace Benchmarks.Server.Reporting;

/// <summary>What one run of one test measured.</summary>
/// <param name="Test">The test's name on the command line.</param>
/// <param name="Run">From 1.</param>
internal sealed record RunResult(string Test, int Run)
{
    /// <summary>In the order of the report; a name ends with its unit.</summary>
    public List<Figure> Figures { get; } = [];

    /// <summary>What went wrong, for people.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Adds a figure.</summary>
    public RunResult With(string name, double value, int digits = 0)
    {
        Figures.Add(new Figure(name, Math.Round(value, digits), InTable: true));
        return this;
    }

    /// <summary>Adds a count that only explains others.</summary>
    public RunResult WithDetail(string name, long count)
    {
        Figures.Add(new Figure(name, count, InTable: false));
        return this;
    }

    /// <summary>Adds a count that should be zero; it is a fault otherwise.</summary>
    public RunResult WithFault(string name, long count)
    {
        Figures.Add(new Figure(name, count, InTable: count != 0));
        if (count != 0)
        {
            Faults.Add($"{name}: {count}");
        }

        return this;
    }

    /// <param name="InTable">People are shown it; otherwise only the JSON has it.</param>
    internal readonly record struct Figure(string Name, double Value, bool InTable);
}
