using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>Whom a node tells what it knows, and what it makes of what it is told. Touched by the daemon only.</summary>
internal sealed class GossipExchange(UniqueAddress self, ClusterSetup setup, IClusterHost host)
{
    // How many others hear of a change at once, from who has made it. From there on each that learns something passes it on to one.
    private const int FirstHearers = 3;

    /// <summary>What this node knows after it was told something.</summary>
    /// <param name="known">What it knew.</param>
    /// <param name="told">What it was told; it is a member in that too.</param>
    /// <param name="marksSeen">False while the others are not to believe yet that it knows.</param>
    /// <returns>And whether the other one should hear of that.</returns>
    public (Gossip Gossip, bool TalksBack) Receive(Gossip known, Gossip told, bool marksSeen)
    {
        var order = told.CompareTo(known);
        var gossip = order switch
        {
            VersionOrder.Same => known.MergeSeen(told),
            VersionOrder.Before => known,
            VersionOrder.After => told,
            _ => told.Merge(known),
        };
        if (marksSeen)
            gossip = gossip.WithSeen(self);
        return (gossip, order is VersionOrder.Before or VersionOrder.Concurrent || gossip.SeenDigest != told.SeenDigest);
    }

    /// <summary>Tells one node, drawn at random: everything, or only digests if it is known to know.</summary>
    public void TellOne(MembershipState state)
    {
        var peers = PeersOf(state);
        if (peers.Count == 0)
            return;
        var unaware = Unaware(state, peers);
        var candidates = unaware.Count > 0 && host.Random.NextDouble() < setup.GossipDifferentViewProbability ? unaware : peers;
        var peer = Draw(candidates);
        if (state.Gossip.Seen.Contains(peer))
            host.Send(peer.Address, new GossipStatus(self, peer, state.Gossip.Version.Digest, state.Gossip.SeenDigest));
        else
            Tell(state, peer);
    }

    /// <summary>This node has changed something: some others hear of it now.</summary>
    public void TellOfOwnChange(MembershipState state) => TellUnaware(state, FirstHearers);

    /// <summary>This node has learned something: another one, that may not know it yet, hears of it now.</summary>
    public void PassOn(MembershipState state) => TellUnaware(state, 1);

    /// <summary>Another node tells what it knows as digests; if that isn't what this one knows, they have to talk.</summary>
    public void Answer(GossipStatus status, MembershipState state)
    {
        if (status.Version != state.Gossip.Version.Digest || status.Seen != state.Gossip.SeenDigest)
            Tell(state, status.From);
    }

    /// <summary>Tells a node everything.</summary>
    public void Tell(MembershipState state, UniqueAddress peer) => host.Send(peer.Address, new GossipEnvelope(self, peer, state.Gossip));

    private void TellUnaware(MembershipState state, int count)
    {
        var unaware = Unaware(state, PeersOf(state));
        for (; count > 0 && unaware.Count > 0; count--)
        {
            var peer = Draw(unaware);
            unaware.Remove(peer);
            Tell(state, peer);
        }
    }

    private UniqueAddress Draw(List<UniqueAddress> peers) => peers[host.Random.Next(peers.Count)];

    private static List<UniqueAddress> PeersOf(MembershipState state) => [.. state.Members.Keys.Where(state.MayGossipTo)];

    private static List<UniqueAddress> Unaware(MembershipState state, List<UniqueAddress> peers) =>
        peers.FindAll(peer => !state.Gossip.Seen.Contains(peer));
}
