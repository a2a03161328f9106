using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;

namespace Akka.Remote;

/// <summary>Makes a system one that others can reach, and that reaches others.</summary>
public sealed class RemoteSetup : Actor.Setup.Setup
{
    /// <summary>The address that is bound: a name or a literal of one of this machine's.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The address by which other nodes reach this one; null for <see cref="Host"/>.</summary>
    public string? PublicHost { get; init; }

    /// <summary>0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Null for <see cref="Port"/>, or the one that was bound.</summary>
    public int? PublicPort { get; init; }

    /// <summary>The network; null for TCP.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>With what the nodes prove to each other who they are, where the network is TCP; null for nothing: then it must be one that
    /// only nodes can reach.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Bytes that may wait for one other node. What is sent beyond that, by actors that don't wait for answers, is a dead
    /// letter.</summary>
    public int MaxPendingBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Messages that may wait for a link that is being opened; beyond, they are dead letters.</summary>
    public int MaxPendingMessages { get; init; } = 20_000;

    /// <summary>System messages that another node may owe an acknowledgement for; beyond, it is quarantined.</summary>
    public int MaxPendingSystemMessages { get; init; } = 50_000;

    /// <summary>The wait before a link that could not be opened is tried again; doubles up to <see cref="MaxRetryDelay"/>. Meanwhile
    /// messages to that node are dead letters.</summary>
    public TimeSpan MinRetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc cref="MinRetryDelay"/>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long another node may take to answer a greeting.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long system messages to a node that can't be reached are kept, if no cluster decides before what has become of
    /// it.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(5);
}
