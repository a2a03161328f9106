using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a <see cref="ClusterSingletonProxy"/> behaves. Immutable: the <c>With…</c> methods return changed copies.</summary>
public sealed class ClusterSingletonProxySettings : INoSerializationVerificationNeeded
{
    private const int MaxBufferSize = 10_000;

    /// <exception cref="ArgumentException">The name is empty, the interval not positive, or the buffer's size out of range.</exception>
    public ClusterSingletonProxySettings(string singletonName, string? role, TimeSpan singletonIdentificationInterval, int bufferSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(singletonName);
        if (singletonIdentificationInterval <= TimeSpan.Zero)
            throw new ArgumentException("The interval must be positive.", nameof(singletonIdentificationInterval));
        if (bufferSize is < 0 or > MaxBufferSize)
            throw new ArgumentException($"The buffer's size must be between 0 and {MaxBufferSize}.", nameof(bufferSize));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        SingletonIdentificationInterval = singletonIdentificationInterval;
        BufferSize = bufferSize;
    }

    /// <summary>The name of the singleton's actor, below that of its manager.</summary>
    public string SingletonName { get; }

    /// <summary>The role of the nodes on which the singleton may be; null for all nodes.</summary>
    public string? Role { get; }

    /// <summary>How often the proxy looks for the singleton while it doesn't know where that is.</summary>
    public TimeSpan SingletonIdentificationInterval { get; }

    /// <summary>
    /// How many messages the proxy holds meanwhile; the oldest one is a dead letter when another one comes. 0 holds none. 1000 by default.
    /// </summary>
    public int BufferSize { get; }

    /// <summary>The defaults.</summary>
    public static ClusterSingletonProxySettings Create(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new ClusterSingletonProxySettings("singleton", null, TimeSpan.FromSeconds(1), 1000);
    }

    public ClusterSingletonProxySettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, SingletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithRole(string? role) => new(SingletonName, role, SingletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) =>
        new(SingletonName, Role, singletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) =>
        new(SingletonName, Role, SingletonIdentificationInterval, bufferSize);
}
