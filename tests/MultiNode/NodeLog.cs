using System.Text.RegularExpressions;
using ChatAkka.Tests.Processes;

namespace ChatAkka.Tests.MultiNode;

/// <summary>What a node wrote in all its lives: its last lines, and its errors. Thread-safe.</summary>
internal sealed class NodeLog
{
    // Enough to understand an end by; and errors that repeat for ever must not take all memory.
    private const int LinesKept = 400;
    private const int TroublesKept = 400;

    private readonly Lock _lock = new();
    private readonly LogTroubles _troubles = new();
    private readonly Queue<string> _lines = new();
    private readonly List<string> _found = [];

    /// <summary>The last lines.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }

            if (_troubles.Is(line) && _found.Count < TroublesKept)
            {
                _found.Add(line);
            }
        }
    }

    /// <summary>The lines, since this was last asked, of entries at level error or above and of exceptions that no entry holds; without
    /// those of entries whose first line, as "fail: Category[id]", matches what a fault explains.</summary>
    public IReadOnlyList<string> TakeTroubles(Regex? explained = null)
    {
        lock (_lock)
        {
            var isExplained = false;
            List<string> troubles = [];
            foreach (var line in _found)
            {
                isExplained = line.StartsWith(' ') ? isExplained : explained?.IsMatch(line) == true;
                if (!isExplained)
                {
                    troubles.Add(line);
                }
            }

            _found.Clear();
            return troubles;
        }
    }

    /// <summary>The last lines, to follow what is said about an end.</summary>
    public string Tail(int count)
    {
        lock (_lock)
        {
            return _lines.Count == 0
                ? " and said nothing"
                : $"; it last said:{string.Concat(_lines.TakeLast(count).Select(l => $"\n    {l}"))}";
        }
    }
}
