using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// All that a node's replicator remembers, and what local changes and other nodes' messages make of it. It outlives a restart of the
/// replicator's actor: with the numbers of its changes gone, a node would count anew what the others have counted already.
/// </summary>
internal sealed class Replica
{
    // A change is kept for whoever has missed it until the next comparisons would have noticed.
    private const int RetainedGossipIntervals = 3;

    public Replica(UniqueAddress self, ReplicatorSettings settings, Func<IReplicatedData, ulong> fingerprintOf)
    {
        Settings = settings;
        Store = new ReplicaStore(fingerprintOf);
        Replicas = new ReplicaSet(self);
        Logs = new DeltaLogs(self, settings.MaxDeltaSize, settings.GossipInterval.Ticks * RetainedGossipIntervals);
        Comparison = new Comparison(
            Store, settings.GossipInterval.Ticks * 3 / 4, settings.GossipInterval.Ticks * 2, settings.MaxDeltaElements);
        Pruner = new Pruner(Replicas, Store, settings.MaxPruningDissemination.Ticks, settings.PruningMarkerTimeToLive.Ticks);
    }

    /// <summary>What came of another node's changes.</summary>
    public enum Verdict
    {
        /// <summary>They are in the value now, or were before.</summary>
        Applied,

        /// <summary>Earlier ones are missing.</summary>
        Gap,

        /// <summary>There is no value yet, and this isn't the beginning of one: it will come as a whole.</summary>
        NoBase,

        /// <summary>The node was removed: its changes may have been pruned already.</summary>
        Ignored,
    }

    public ReplicatorSettings Settings { get; }

    public UniqueAddress Self => Replicas.Self;

    public ReplicaStore Store { get; }

    public ReplicaSet Replicas { get; }

    public DeltaLogs Logs { get; }

    public Comparison Comparison { get; }

    public Subscriptions Subscriptions { get; } = new();

    public Pruner Pruner { get; }

    /// <summary>Changes a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="modify">Makes the new value out of the current one, or of null.</param>
    /// <param name="now">Of the monotonic clock, in ticks.</param>
    /// <returns>The new copy; that of a deleted key, if it is.</returns>
    /// <remarks>Whatever it throws, nothing was changed.</remarks>
    public DataEnvelope Update(string key, Func<IReplicatedData?, IReplicatedData> modify, long now)
    {
        var current = Store.Find(key);
        if (current is { IsDeleted: true })
            return current;
        var changed = modify(current?.Data) ?? throw new InvalidOperationException($"The update of key [{key}] has returned null");
        if (changed is not IDeltaReplicatedData withDelta)
            return Set(key, Next(current, changed, current?.DeltaVersions ?? VersionVector.Empty));

        // Data that was made out of the current one by changes alone needs no merging: its delta is all that is new. Of any other nobody
        // can tell what is.
        var delta = withDelta.Delta;
        var origin = current?.Data ?? delta?.Zero;
        var derives = origin is not null && changed is IDerived derived && derived.DerivesFrom(origin);
        if (derives && delta is null && current is not null)
            return current;
        var next = withDelta.ResetDelta();
        if (!derives && current is not null)
            next = current.Data.Merge(next);
        return Changed(key, current, next, derives ? delta : null, now);
    }

    /// <summary>Data was pruned.</summary>
    /// <returns>The number of this node's last change.</returns>
    public long Pruned(string key, IReplicatedData data, IReplicatedDelta? delta, long now)
    {
        if (Store.Find(key) is { } current && !ReferenceEquals(current.Data, data))
            Changed(key, current, data, delta, now);
        return Logs.Version(key);
    }

    /// <summary>Stores how far pruning has got.</summary>
    public void SetPruning(string key, DataEnvelope envelope) => Set(key, envelope);

    public DataEnvelope Delete(string key)
    {
        Logs.Delete(key);
        return Set(key, DataEnvelope.Deleted);
    }

    /// <summary>Merges another node's copy.</summary>
    /// <param name="key">The key.</param>
    /// <param name="envelope">The copy.</param>
    /// <param name="utcNow">In ticks.</param>
    /// <exception cref="InvalidCastException">It is of another type.</exception>
    public DataEnvelope Merge(string key, DataEnvelope envelope, long utcNow)
    {
        if (envelope.IsDeleted)
            return Store.Find(key) is { IsDeleted: true } deleted ? deleted : Delete(key);
        var merged = Store.TryGet(key, out var current) ? current.Merge(envelope, utcNow) : envelope.WithoutObsolete(utcNow);
        return Set(key, merged.AddSeen(Self));
    }

    /// <summary>Takes over how far another node has got with pruning.</summary>
    public void MergeMarkers(string key, DataEnvelope envelope, long utcNow)
    {
        if (Store.TryGet(key, out var current))
            Set(key, current.MergeMarkers(envelope, utcNow).AddSeen(Self));
    }

    /// <summary>Applies another node's changes.</summary>
    /// <exception cref="InvalidCastException">They are of a value of another type.</exception>
    public Verdict Apply(UniqueAddress from, DeltaRange range)
    {
        var current = Store.Find(range.Key);
        if (current is { IsDeleted: true })
            return Verdict.Applied;
        if (Replicas.Removed.ContainsKey(from) || current?.Pruning.ContainsKey(from) == true)
            return Verdict.Ignored;
        if (current is null)
        {
            if (range.From > 1)
                return Verdict.NoBase;
            Set(range.Key, new DataEnvelope(range.Delta.Zero).Apply(range.Delta, VersionVector.Create(from, range.To)));
            return Verdict.Applied;
        }

        var have = current.DeltaVersions.VersionAt(from);
        if (range.To <= have)
            return Verdict.Applied;
        if (range.From <= have + 1)
        {
            Set(range.Key, current.Apply(range.Delta, current.DeltaVersions.With(from, range.To)));
            return Verdict.Applied;
        }

        // Some may come in any order; but then it can't be told any more which of them have.
        if (range.Delta is not IRequireCausualDeliveryOfDeltas)
            Set(range.Key, current.Apply(range.Delta, current.DeltaVersions));
        return Verdict.Gap;
    }

    private static DataEnvelope Next(DataEnvelope? current, IReplicatedData changed, VersionVector versions) =>
        current is null ? new DataEnvelope(changed) : current.With(current.Data.Merge(changed), versions);

    private DataEnvelope Changed(string key, DataEnvelope? current, IReplicatedData next, IReplicatedDelta? delta, long now)
    {
        var versions = current?.DeltaVersions ?? VersionVector.Empty;
        versions = versions.With(Self, Logs.Record(key, versions, delta, next is ISized sized ? sized.Count : 1, now));
        return Set(key, current is null ? new DataEnvelope(next, null, versions) : current.With(next, versions));
    }

    private DataEnvelope Set(string key, DataEnvelope envelope)
    {
        if (Store.Set(key, envelope))
            Subscriptions.Changed(key);
        return envelope;
    }
}
