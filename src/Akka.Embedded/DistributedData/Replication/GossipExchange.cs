using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// Compares what this node has with another one, at intervals, and exchanges what differs. It is what makes up for whatever was lost, and how a
/// new node gets all there is.
/// </summary>
/// <param name="replica">What the node remembers.</param>
/// <param name="random">Chooses the nodes.</param>
/// <param name="send">To another node's replicator.</param>
/// <param name="merge">Merges another node's copy; false if it can't be.</param>
internal sealed class GossipExchange(
    Replica replica, Random random, Action<UniqueAddress, object> send, Func<string, DataEnvelope, bool> merge)
{
    // Whole values may be large, and go over the link that heartbeats go over. In entries of sets and maps, each some 30 bytes: a message is
    // some 1 MB, and what is under way to one node 4 MB. Who needs more asks again.
    private const int MaxMessageEntries = 30_000;
    private const int MaxPullEntries = 120_000;

    private readonly Rotation _rotation = new(random);

    /// <summary>Compares with the next node.</summary>
    public void Begin()
    {
        if (_rotation.Next(replica.Replicas.ReachablePeers) is { } node)
            Begin(node);
    }

    /// <summary>Compares with a node.</summary>
    public void Begin(UniqueAddress node) => send(node, new Summary(replica.Self, replica.Store.Fingerprint));

    public void OnSummary(Summary summary)
    {
        if (summary.Fingerprint == replica.Store.Fingerprint)
            return;
        foreach (var digests in replica.Comparison.AllDigests(replica.Self))
            send(summary.From, digests);
    }

    public void OnDigests(Digests digests, long now)
    {
        var needs = replica.Comparison.Compare(digests, now);
        if (needs.HasOwn)
            send(digests.From, new Pull(replica.Self, needs.Values, needs.Markers));
        // The answer to what was said of some keys only would be the same again.
        if (needs.Theirs.Count > 0 && digests.Chunks > 0)
            send(digests.From, replica.Comparison.DigestsOf(replica.Self, needs.Theirs));
    }

    public void OnPull(Pull pull)
    {
        var entries = new List<Copy>();
        foreach (var key in pull.MarkerKeys)
        {
            if (replica.Store.TryGet(key, out var envelope))
                entries.Add(new(key, envelope, false));
        }

        var (inMessage, inAll) = (0, 0);
        var rest = new List<string>();
        foreach (var key in pull.Keys)
        {
            if (!replica.Store.TryGet(key, out var envelope))
                continue;
            var size = 1 + (envelope.Data is ISized sized ? sized.Count : 1);
            if (rest.Count > 0 || (inAll > 0 && inAll + size > MaxPullEntries))
            {
                rest.Add(key);
                continue;
            }

            if (inMessage > 0 && inMessage + size > MaxMessageEntries)
            {
                send(pull.From, new Copies(replica.Self, entries, []));
                (entries, inMessage) = ([], 0);
            }

            entries.Add(new(key, envelope, true));
            inMessage += size;
            inAll += size;
        }

        if (entries.Count > 0)
            send(pull.From, new Copies(replica.Self, entries, rest));
    }

    public void OnCopies(Copies copies, long now, long utcNow)
    {
        foreach (var copy in copies.Entries)
        {
            if (!copy.HasData)
            {
                replica.MergeMarkers(copy.Key, copy.Envelope, utcNow);
                continue;
            }

            merge(copy.Key, copy.Envelope);
            replica.Comparison.Received(copy.Key);
        }

        if (copies.Rest.Count > 0 && replica.Comparison.PullOn(copies.From, copies.Rest, now) is { Count: > 0 } more)
            send(copies.From, new Pull(replica.Self, more, []));
    }
}
