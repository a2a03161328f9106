using System.Text.RegularExpressions;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>
/// What a server wrote. No error and no exception may stand in it unless the test said so, and never a secret: a token, a password or
/// the text of a message.
/// </summary>
internal sealed partial class ServerLog
{
    // A shorter one would be found in ordinary words.
    private const int ShortestSecret = 12;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _secrets = [];
    private readonly List<string> _expected = [];

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

    /// <summary>An error with this text may stand in the log.</summary>
    public void Expect(string text)
    {
        lock (_lock)
        {
            _expected.Add(text);
        }
    }

    public void ShouldBeClean()
    {
        lock (_lock)
        {
            _lines.Where(line => Trouble().IsMatch(line) && !_expected.Exists(line.Contains)).ShouldBeEmpty("the server logged errors:\n" + string.Join('\n', _lines));
            _lines.Where(line => _secrets.Any(line.Contains)).ShouldBeEmpty("the server logged what is nobody's business");
        }
    }

    // The levels as the console writes them, an exception's name, a line of its stack.
    [GeneratedRegex(@"^(fail|crit)\b|\b(Error|Critical)\b|\w(Exception)\b|^\s+at \S+\(")]
    private static partial Regex Trouble();
}
