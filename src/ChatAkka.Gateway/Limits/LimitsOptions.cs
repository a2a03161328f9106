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

    /// <summary>Requests of one socket that may wait for their answers; beyond that nothing more is read from it.</summary>
    public int SocketPending { get; init; } = 128;

    /// <summary>Bytes that may wait for a socket whose client doesn't read; beyond that it is closed with 4429.</summary>
    public int OutboundBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Sockets that one account may have open on this node.</summary>
    public int SocketsPerAccount { get; init; } = 64;

    /// <summary>Passwords that are hashed at the same time; more wait. 0 means one a processor.</summary>
    public int ConcurrentPasswordHashes { get; init; }

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

        if (ConcurrentPasswordHashes < 0)
        {
            yield return "Limits:ConcurrentPasswordHashes must not be negative.";
        }
    }
}
