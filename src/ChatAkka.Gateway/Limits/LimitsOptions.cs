namespace ChatAkka.Gateway.Limits;

/// <summary>Section <c>Limits</c> of the configuration: what one client may take.</summary>
public sealed record LimitsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Limits";

    /// <summary>Requests a second of one socket in the long run; 0 switches the limit off.</summary>
    public int SocketRequestsPerSecond { get; init; } = 100;

    /// <summary>Requests that a socket may make at once after a pause.</summary>
    public int SocketBurst { get; init; } = 500;

    /// <summary>Requests a second of one account in the long run, over all its sockets and HTTP calls on this node; 0 switches the limit
    /// off.</summary>
    public int AccountRequestsPerSecond { get; init; } = 200;

    /// <summary>Requests that an account may make at once after a pause.</summary>
    public int AccountBurst { get; init; } = 1_000;

    /// <summary>Sign-ups and log-ins a minute of one client address (an IPv6 address counts by its first 64 bits), so many at once after a
    /// pause; 0 switches the limit off.</summary>
    public int LogInsPerMinute { get; init; } = 30;

    /// <summary>
    /// Log-ins of one account that may fail within 15 minutes; further ones are refused unlooked at, until one comes back (with 10, every
    /// 90 s). A log-in that succeeds starts the count anew. 0 switches the limit off.
    /// </summary>
    /// <remarks>
    /// The price of slowing down who guesses one account's password from many addresses: who fails on purpose, again and again, keeps the
    /// account's owner from logging in for as long, since nobody can tell the two apart. The owner's sessions that exist go on, nothing is
    /// locked for longer than 15 minutes after the last failure, and one address fails no more often than
    /// <see cref="LogInsPerMinute"/> allows. Where that is worse than the guessing, raise it or switch it off.
    /// </remarks>
    public int FailedLogInsPerAccount { get; init; } = 10;

    /// <summary>Requests of one socket that may wait for their answers; beyond that nothing more is read from it.</summary>
    public int SocketPending { get; init; } = 128;

    /// <summary>Bytes that may wait for a socket whose client doesn't read; beyond that it is closed with 4429.</summary>
    public int OutboundBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Sockets that one account may have open on this node.</summary>
    public int SocketsPerAccount { get; init; } = 64;

    /// <summary>Users whose presence one socket may watch.</summary>
    public int WatchedUsers { get; init; } = 500;

    /// <summary>Passwords that are hashed at the same time; more wait. 0 means one a processor.</summary>
    public int ConcurrentPasswordHashes { get; init; }

    /// <summary>Seconds in which all of <see cref="FailedLogInsPerAccount"/> come back.</summary>
    internal const int FailedLogInsSeconds = 15 * 60;

    // A rate or burst above is no limit any more, and ten times as much must still be a number.
    private const int MostPerSecond = 1_000_000;

    /// <summary>One sentence for each setting that can't be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (SocketRequestsPerSecond < 0)
        {
            yield return "Limits:SocketRequestsPerSecond must not be negative.";
        }

        if (SocketBurst < 1)
        {
            yield return "Limits:SocketBurst must be at least 1.";
        }

        if (AccountRequestsPerSecond is < 0 or > MostPerSecond)
        {
            yield return $"Limits:AccountRequestsPerSecond must be from 0 to {MostPerSecond}, but is {AccountRequestsPerSecond}.";
        }

        if (AccountBurst is < 1 or > MostPerSecond)
        {
            yield return $"Limits:AccountBurst must be from 1 to {MostPerSecond}, but is {AccountBurst}.";
        }

        if (LogInsPerMinute is < 0 or > MostPerSecond)
        {
            yield return $"Limits:LogInsPerMinute must be from 0 to {MostPerSecond}, but is {LogInsPerMinute}.";
        }

        if (FailedLogInsPerAccount is < 0 or > MostPerSecond)
        {
            yield return $"Limits:FailedLogInsPerAccount must be from 0 to {MostPerSecond}, but is {FailedLogInsPerAccount}.";
        }

        if (SocketPending < 1)
        {
            yield return "Limits:SocketPending must be at least 1.";
        }

        if (OutboundBytes < 64 * 1024)
        {
            yield return "Limits:OutboundBytes must be at least 65536.";
        }

        if (SocketsPerAccount < 1)
        {
            yield return "Limits:SocketsPerAccount must be at least 1.";
        }

        if (WatchedUsers < 0)
        {
            yield return "Limits:WatchedUsers must not be negative.";
        }

        if (ConcurrentPasswordHashes < 0)
        {
            yield return "Limits:ConcurrentPasswordHashes must not be negative.";
        }
    }
}
