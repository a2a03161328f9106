using System.Security.Cryptography.X509Certificates;
using Akka.Event;

namespace Akka.Remote.Transport.Tcp;

/// <summary>How links over TCP are opened, kept and closed.</summary>
internal sealed record TcpTransportSettings
{
    /// <summary>The clock of all time-outs.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Told of strangers and of failures that no handler learns of; at most once a minute of each.</summary>
    public required ILoggingAdapter Log { get; init; }

    /// <summary>From which address of this machine links are opened, where it matters; null for the one that leads there.</summary>
    public string? Source { get; init; }

    /// <summary>How long a link may take to open, from the look-up of the name to the other side's preamble; the accepting side gives a
    /// link as long.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a closing link may take to send what it has accepted.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing may come from the other side before the system asks it for a sign of life; it asks three times, a third
    /// of this apart. In whole seconds.</summary>
    public TimeSpan KeepAliveTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Links that may be opening at the accepting side at one time. One more cuts off the oldest of them: a node is through within
    /// a few round trips, so whoever has waited longest is most likely a stranger.</summary>
    public int MaxHandshakes { get; init; } = 512;

    /// <summary>Null for plain TCP: then the network must be one that only nodes can reach.</summary>
    public TlsSettings? Tls { get; init; }
}

/// <summary>Mutual TLS: every node shows a certificate, and sees the other's.</summary>
public sealed record TlsSettings
{
    /// <summary>The node's own, with its private key. If it is restricted to purposes, both server and client authentication must be
    /// among them.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>The only issuers that are trusted, and the issuers between them and the nodes' certificates, if there are any.</summary>
    public required X509Certificate2Collection Authorities { get; init; }

    /// <summary>The certificate of a node must be for the host at which it was dialled, as a DNS name or an IP address of its subject's
    /// alternative names.</summary>
    public bool CheckHostName { get; init; } = true;
}
