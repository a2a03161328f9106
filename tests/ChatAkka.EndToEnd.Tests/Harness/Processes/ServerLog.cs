using System.Text.RegularExpressions;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>
/// What a server wrote. No error may stand in it and no exception beside its entries, and never a secret: a token, a password or the
/// text of a message.
/// </summary>
internal sealed partial class ServerLog
{
    // A shorter one would be found in ordinary words.
    private const int ShortestSecret = 12;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _secrets = [];

    /// <summary>All lines so far.</summary>
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
            _lines.Add(line);
        }
    }

    /// <summary>From now on this must not be found in the log.</summary>
    public void Keep(string secret)
    {
        if (secret.Length >= ShortestSecret)
        {
            lock (_lock)
            {
                _secrets.Add(secret.Length <= 64 ? secret : secret[..64]);
            }
        }
    }

    public void ShouldBeClean()
    {
        lock (_lock)
        {
            Troubles(_lines).ShouldBeEmpty("the server logged errors:\n" + string.Join('\n', _lines));
            _lines.Where(line => _secrets.Any(line.Contains)).ShouldBeEmpty("the server logged what is nobody's business");
        }
    }

    /// <summary>Lines of entries that are errors, and lines that look like an exception where no entry holds them.</summary>
    internal static IEnumerable<string> Troubles(IEnumerable<string> lines)
    {
        var entry = "";
        foreach (var line in lines)
        {
            if (Entry().Match(line) is { Success: true } header)
            {
                entry = header.Value;
            }
            else if (!line.StartsWith("      ", StringComparison.Ordinal))
            {
                entry = "";
            }

            // An entry below a warning may tell of an exception: a reset connection is one.
            if (entry is "fail" or "crit" || (entry.Length == 0 && Exception().IsMatch(line)))
            {
                yield return line;
            }
        }
    }

    // An entry begins with its level; the console indents the rest of it by six.
    [GeneratedRegex("^(trce|dbug|info|warn|fail|crit)(?=: )")]
    private static partial Regex Entry();

    // Out of memory, an exception's name, a line of its stack: what the runtime writes without a logger.
    [GeneratedRegex(@"^Out of memory|\w(Exception)\b|^\s+at \S+\(")]
    private static partial Regex Exception();
}
