namespace Benchmarks.Server.Hosting;

/// <summary>What the server printed: its last lines, and how often it complained.</summary>
internal sealed class ServerOutput
{
    private const int MaxLines = 40;

    // The server's console lines begin so when something is wrong.
    private static readonly string[] Complaints = ["warn:", "fail:", "crit:", "Unhandled exception"];

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = [];
    private readonly List<string> _complaints = [];
    private bool _complaining;

    /// <summary>The last lines, for people.</summary>
    public string Tail
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>The first warnings and errors, each with the line that says what it is about; emptied by reading.</summary>
    public IReadOnlyList<string> TakeComplaints()
    {
        lock (_lock)
        {
            string[] taken = [.. _complaints];
            _complaints.Clear();
            return taken;
        }
    }

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
            if (_complaints.Count < MaxLines && Complaints.Any(line.StartsWith))
            {
                _complaints.Add(line);
                _complaining = true;
            }
            else if (_complaining)
            {
                _complaints[^1] += " " + line.Trim();
                _complaining = false;
            }
        }
    }
}
