using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>
/// What a server wrote. No error may stand in it and no exception beside its entries, and never a secret: a token, a password or the
/// text of a message.
/// </summary>
internal sealed class ServerLog
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
            LogTroubles.In(_lines).ShouldBeEmpty("the server logged errors:\n" + string.Join('\n', _lines));
            _lines.Where(line => _secrets.Any(line.Contains)).ShouldBeEmpty("the server logged what is nobody's business");
        }
    }
}
