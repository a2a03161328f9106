namespace ChatAkka.Replay.Clients;

/// <summary>How long to wait before the next attempt to connect: doubling up to a second, of which a random half is taken.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private int _attempts;

    /// <summary>The server took us: the next trouble starts from the beginning.</summary>
    public void Reset() => _attempts = 0;

    public TimeSpan Next()
    {
        var full = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(_attempts++, 16)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (random.NextDouble() / 2)));
    }
}
