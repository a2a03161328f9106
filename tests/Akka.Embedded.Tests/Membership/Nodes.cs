using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;

namespace Akka.Embedded.Tests.Membership;

/// <summary>Members and gossip in few words: a node has a letter for its host, and its uid tells incarnations apart.</summary>
internal static class Nodes
{
    public static Address Address(char host) => new("akka.tcp", "chat", $"{host}", 2552);

    public static UniqueAddress Node(char host, int uid = 1) => new(Address(host), uid);

    public static Akka.Cluster.Member Member(char host, MemberStatus status = MemberStatus.Up, int age = 1, params string[] roles) =>
        new(Node(host), status, [.. roles], status == MemberStatus.Joining ? Akka.Cluster.Member.NoUpNumber : age);

    /// <summary>
    /// Members such as <c>"a b:Joining c:Leaving"</c>, up where nothing else is said, the older the further to the left; seen by all of them.
    /// </summary>
    public static Gossip Gossip(string members)
    {
        var gossip = Akka.Cluster.Gossip.Empty;
        var age = 0;
        foreach (var member in members.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var status = member.Length > 1 ? Enum.Parse<MemberStatus>(member[2..]) : MemberStatus.Up;
            gossip = gossip.WithMember(Member(member[0], status, ++age)).NextVersion(Node(member[0]));
        }

        foreach (var node in gossip.Members.Keys)
            gossip = gossip.WithSeen(node);
        return gossip;
    }

    /// <summary>With observations such as <c>"ab cb"</c>: a and c don't reach b.</summary>
    public static Gossip Unreachable(this Gossip gossip, string observations)
    {
        foreach (var pair in observations.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            gossip = gossip.WithReachability(gossip.Reachability.With(Node(pair[0]), Node(pair[1]), Unreachability.Silent));
        return gossip;
    }

    public static Gossip Terminated(this Gossip gossip, char observer, char subject) =>
        gossip.WithReachability(gossip.Reachability.With(Node(observer), Node(subject), Unreachability.Terminated));

    /// <summary>Seen by these only.</summary>
    public static Gossip SeenBy(this Gossip gossip, string hosts) =>
        new(gossip.Members, gossip.Reachability, [.. hosts.Select(static host => Node(host))], gossip.Tombstones, gossip.ForgottenBefore, gossip.Version);

    public static MembershipState At(this Gossip gossip, char self) => new(gossip, Node(self));

    public static string Hosts(IEnumerable<UniqueAddress> nodes) => string.Concat(nodes.Select(static node => node.Address.Host));

    public static ImmutableSortedSet<UniqueAddress> Set(string hosts) => [.. hosts.Select(static host => Node(host))];
}
