using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// Finds out whether seed nodes that are no members are in another cluster: the first seed node, started again while the network kept it from the
/// others, has begun one of its own. The smaller one has to go, and its nodes, started again, join the larger one. Touched by the daemon only.
/// </summary>
internal sealed class TwinClusterWatch(UniqueAddress self, JoinTerms terms, IClusterHost host)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Whom it was seen at, and when: it must be there for a while.
    private readonly Dictionary<Address, TimeSpan> _seen = [];
    private ImmutableArray<Address> _seeds = [];
    private TimeSpan _next;

    /// <summary>Where this node has looked for a cluster.</summary>
    public void Expect(IEnumerable<Address> seeds) => _seeds = [.. seeds];

    /// <summary>Asks the seed nodes that are no members, on behalf of all: only the leader does.</summary>
    public void Tick(MembershipState state)
    {
        if (!IsResponsible(state) || host.Now < _next)
            return;
        _next = host.Now + Interval;
        foreach (var seed in _seeds)
        {
            if (seed != self.Address && state.Gossip.MemberAt(seed) is null)
                host.Send(seed, new InitJoin(self, terms));
            else
                _seen.Remove(seed);
        }
    }

    /// <summary>A node is in a cluster that this one is not in. True when this one has to go.</summary>
    public bool Yields(InitJoinAck ack, MembershipState state)
    {
        if (!IsResponsible(state) || state.Gossip.MemberAt(ack.From) is not null || ack.Size == 0)
            return false;
        var size = SizeOf(state);
        var isSmaller = size < ack.Size || (size == ack.Size && Member.AddressOrdering.Compare(ack.First, FirstOf(state)) < 0);
        if (!isSmaller)
            return false;
        if (_seen.TryGetValue(ack.From, out var since) && host.Now - since < Interval * 3)
            return host.Now - since >= Interval / 2;
        _seen[ack.From] = host.Now;
        return false;
    }

    /// <summary>What a member answers that is asked by a node: of nothing if both are in the same cluster.</summary>
    public static InitJoinAck Answer(UniqueAddress self, UniqueAddress asker, MembershipState state) =>
        new(self.Address, state.Gossip.IsMember(asker) ? 0 : SizeOf(state), FirstOf(state));

    private static bool IsResponsible(MembershipState state) => state.IsLeader && state.SelfMember!.Status == MemberStatus.Up;

    private static int SizeOf(MembershipState state) =>
        state.Members.Values.Count(static member => member.Status is MemberStatus.Up or MemberStatus.Leaving);

    private static Address FirstOf(MembershipState state) => state.Members.Keys.First().Address;
}
