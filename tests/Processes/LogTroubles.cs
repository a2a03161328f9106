using System.Text.RegularExpressions;

namespace ChatAkka.Tests.Processes;

/// <summary>Finds in what a server writes, line by line, the entries that are errors, and what looks like an exception where no entry
/// holds it.</summary>
internal sealed partial class LogTroubles
{
    private string _entry = "";

    /// <summary>Those of a whole log.</summary>
    public static IEnumerable<string> In(IEnumerable<string> lines)
    {
        var troubles = new LogTroubles();
        return lines.Where(troubles.Is);
    }

    /// <summary>The next line of the log is one.</summary>
    public bool Is(string line)
    {
        if (Entry().Match(line) is { Success: true } header)
        {
            _entry = header.Value;
        }
        else if (!line.StartsWith("      ", StringComparison.Ordinal))
        {
            _entry = "";
        }

        // An entry below a warning may tell of an exception: a reset connection is one.
        return _entry is "fail" or "crit" || (_entry.Length == 0 && Exception().IsMatch(line));
    }

    // An entry begins with its level; the console indents the rest of it by six.
    [GeneratedRegex("^(trce|dbug|info|warn|fail|crit)(?=: )")]
    private static partial Regex Entry();

    // Out of memory, an exception's name, a line of its stack: what the runtime writes without a logger.
    [GeneratedRegex(@"^Out of memory|\w(Exception)\b|^\s+at \S+\(")]
    private static partial Regex Exception();
}
