using Akka.Actor;
using Akka.Actor.Setup;

namespace Akka.DistributedData;

/// <summary>How a replicator behaves. Immutable.</summary>
public sealed class ReplicatorSettings
{
    private ReplicatorSettings(ReplicatorSettings? from = null)
    {
        Role = from?.Role;
        GossipInterval = from?.GossipInterval ?? TimeSpan.FromSeconds(2);
        NotifySubscribersInterval = from?.NotifySubscribersInterval ?? TimeSpan.FromMilliseconds(500);
        MaxDeltaElements = from?.MaxDeltaElements ?? 500;
        MaxDeltaSize = from?.MaxDeltaSize ?? 50;
        PruningInterval = from?.PruningInterval ?? TimeSpan.FromSeconds(120);
        MaxPruningDissemination = from?.MaxPruningDissemination ?? TimeSpan.FromSeconds(300);
        PruningMarkerTimeToLive = from?.PruningMarkerTimeToLive ?? TimeSpan.FromHours(6);
        PreferOldest = from?.PreferOldest ?? false;
    }

    /// <summary>Only nodes of this role have a replicator; null for all nodes.</summary>
    public string? Role { get; private init; }

    /// <summary>How often a node compares what it has with another one; 2 s by default. Changes go out five times as often.</summary>
    public TimeSpan GossipInterval { get; private init; }

    /// <summary>How often subscribers are told of changes, if there are any; 500 ms by default.</summary>
    public TimeSpan NotifySubscribersInterval { get; private init; }

    /// <summary>How many keys one message tells of; 500 by default.</summary>
    public int MaxDeltaElements { get; private init; }

    /// <summary>A change of more entries than this, and than the value has, is told as the whole value; 50 by default.</summary>
    public int MaxDeltaSize { get; private init; }

    /// <summary>How often a node looks for values that should forget a removed node; 2 min by default, zero for never.</summary>
    public TimeSpan PruningInterval { get; private init; }

    /// <summary>How long a change may take to reach all nodes while all are reachable; 5 min by default.</summary>
    public TimeSpan MaxPruningDissemination { get; private init; }

    /// <summary>How long after that something may still come of a removed node; 6 h by default.</summary>
    public TimeSpan PruningMarkerTimeToLive { get; private init; }

    /// <summary>Reads and writes of some of the nodes turn to the oldest ones first; by default to any.</summary>
    public bool PreferOldest { get; private init; }

    /// <summary>How often changes go out.</summary>
    internal TimeSpan DeltaInterval => TimeSpan.FromTicks(Math.Max(GossipInterval.Ticks / 5, TimeSpan.TicksPerMillisecond * 200));

    /// <summary>Those of a system: its <see cref="DistributedDataSetup"/>'s, or the defaults.</summary>
    public static ReplicatorSettings Create(ActorSystem system) => DistributedDataSetup.Of(system).Settings;

    public ReplicatorSettings WithRole(string? role) => new(this) { Role = string.IsNullOrEmpty(role) ? null : role };

    public ReplicatorSettings WithGossipInterval(TimeSpan gossipInterval) => new(this) { GossipInterval = Positive(gossipInterval) };

    public ReplicatorSettings WithNotifySubscribersInterval(TimeSpan notifySubscribersInterval) =>
        new(this) { NotifySubscribersInterval = Positive(notifySubscribersInterval) };

    public ReplicatorSettings WithMaxDeltaElements(int maxDeltaElements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDeltaElements, 1);
        return new(this) { MaxDeltaElements = maxDeltaElements };
    }

    public ReplicatorSettings WithMaxDeltaSize(int maxDeltaSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDeltaSize, 1);
        return new(this) { MaxDeltaSize = maxDeltaSize };
    }

    public ReplicatorSettings WithPruning(TimeSpan pruningInterval, TimeSpan maxPruningDissemination) =>
        new(this) { PruningInterval = pruningInterval, MaxPruningDissemination = maxPruningDissemination };

    public ReplicatorSettings WithPruningMarkerTimeToLive(TimeSpan pruningMarkerTtl) =>
        new(this) { PruningMarkerTimeToLive = Positive(pruningMarkerTtl) };

    public ReplicatorSettings WithPreferOldest(bool preferOldest) => new(this) { PreferOldest = preferOldest };

    internal static ReplicatorSettings Default { get; } = new();

    private static TimeSpan Positive(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return interval;
    }
}

/// <summary>The programmatic counterpart of a configuration of <see cref="DistributedData"/>.</summary>
public sealed class DistributedDataSetup : Setup
{
    /// <summary>The name of the replicator's actor, which must be the same on all nodes.</summary>
    public string Name { get; init; } = "ddataReplicator";

    public ReplicatorSettings Settings { get; init; } = ReplicatorSettings.Default;

    internal static DistributedDataSetup Of(ActorSystem system) =>
        system.Settings.Setup.Get<DistributedDataSetup>().GetOrElse(new DistributedDataSetup());
}
