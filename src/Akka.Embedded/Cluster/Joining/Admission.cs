using Akka.Event;

namespace Akka.Cluster;

/// <summary>What a member does with nodes that want to become members. Touched by the daemon only.</summary>
internal sealed class Admission(UniqueAddress self, JoinTerms terms, IClusterHost host)
{
    /// <summary>Whether a node may ask to be let in here.</summary>
    public void Answer(InitJoin question, MembershipState state)
    {
        var mismatch = question.Terms.MismatchWith(terms);
        IClusterMessage answer = !IsOpen(state) ? new InitJoinNack(self.Address, "")
            : mismatch.Length > 0 ? new InitJoinNack(self.Address, mismatch)
            : TwinClusterWatch.Answer(self, question.From, state);
        host.Send(question.From.Address, answer);
    }

    /// <summary>A node asks to be let in.</summary>
    /// <returns>What is known with that; the same as before when nothing changes. A node that is a member in it is to be welcomed.</returns>
    public Gossip Consider(Join join, MembershipState state)
    {
        var gossip = state.Gossip;
        if (!IsOpen(state))
            return gossip;
        if (join.Terms.MismatchWith(terms) is { Length: > 0 } mismatch)
        {
            host.Send(join.Node.Address, new InitJoinNack(self.Address, mismatch));
            return gossip;
        }

        if (gossip.IsRemoved(join.Node))
        {
            host.Send(join.Node.Address, new YouAreRemoved(self, join.Node));
            return gossip;
        }

        if (gossip.IsMember(join.Node))
            return gossip;
        return gossip.MemberAt(join.Node.Address) is null
            ? gossip.WithMember(new Member(join.Node, MemberStatus.Joining, join.Roles))
            : WithoutEarlierIncarnations(join.Node, gossip);
    }

    /// <summary>Lets a member know that it is one. Also when it asks again: the first welcome may be lost.</summary>
    public void Welcome(UniqueAddress node, MembershipState state)
    {
        if (state.Members.TryGetValue(node, out var member) && member.Status < MemberStatus.Down)
            host.Send(node.Address, new Welcome(self, state.Gossip));
    }

    private static bool IsOpen(MembershipState state) =>
        state.SelfMember is { Status: MemberStatus.Joining or MemberStatus.Up or MemberStatus.Leaving };

    /// <summary>A node that was started again can't be a member while its predecessor is one. It will ask again.</summary>
    private Gossip WithoutEarlierIncarnations(UniqueAddress node, Gossip gossip)
    {
        foreach (var member in gossip.Members.Values.Where(member => member.Address == node.Address))
        {
            var reachability = gossip.Reachability.With(self, member.UniqueAddress, Unreachability.Terminated);
            if (!ReferenceEquals(reachability, gossip.Reachability))
                gossip = gossip.WithReachability(reachability);
            if (member.Status == MemberStatus.Down)
                continue;
            host.Log.Info("{0} was started again; its previous incarnation is removed before it joins", node.Address);
            gossip = gossip.WithMember(member.Copy(MemberStatus.Down));
        }

        return gossip;
    }
}
