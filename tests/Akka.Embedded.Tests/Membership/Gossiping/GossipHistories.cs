using Akka.Cluster;
using static Akka.Embedded.Tests.Membership.Nodes;

namespace Akka.Embedded.Tests.Membership.Gossiping;

/// <summary>What five nodes know that change things and tell each other, as a seed will have it.</summary>
internal sealed class GossipHistories
{
    private const string Hosts = "abcde";

    private readonly Random _random;
    private readonly Gossip[] _known = new Gossip[Hosts.Length];
    private int _lastUid = 1;

    public GossipHistories(int seed)
    {
        _random = new Random(seed);
        var gossip = Gossip(Hosts.Aggregate("x y", static (text, host) => $"{text} {host}:Joining"));
        // Long gone: that may be forgotten.
        Array.Fill(_known, gossip.Remove([Node('x')], At(10)).Remove([Node('y')], At(20)));
    }

    public IReadOnlyList<Gossip> All => _known;

    public Gossip Draw() => _known[_random.Next(_known.Length)];

    /// <summary>One node changes something, or hears what another one knows.</summary>
    public void Step()
    {
        var node = _random.Next(_known.Length);
        if (_random.Next(2) == 0)
        {
            var other = Draw();
            _known[node] = (other.CompareTo(_known[node]) switch
            {
                VersionOrder.After => other,
                VersionOrder.Concurrent => other.Merge(_known[node]),
                _ => _known[node],
            }).WithSeen(Self(node));
            return;
        }

        var changed = Change(_known[node], Self(node));
        if (!ReferenceEquals(changed, _known[node]))
            _known[node] = changed.NextVersion(Self(node));
    }

    private static DateTimeOffset At(int minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    private static UniqueAddress Self(int node) => Node(Hosts[node]);

    private Gossip Change(Gossip gossip, UniqueAddress self)
    {
        if (!gossip.IsMember(self))
            return gossip;
        var subject = gossip.Members.Values.ElementAt(_random.Next(gossip.Members.Count));
        switch (_random.Next(7))
        {
            case 0 when subject.Status == MemberStatus.Joining:
                return gossip.WithMember(subject.CopyUp(_random.Next(1, 9)));
            case 1 when subject.Status < MemberStatus.Down:
                return gossip.WithMember(subject.Copy(subject.Status == MemberStatus.Leaving ? MemberStatus.Exiting : MemberStatus.Down));
            case 2 when subject.UniqueAddress != self:
                return gossip.WithReachability(gossip.Reachability.With(self, subject.UniqueAddress, (Unreachability)_random.Next(1, 3)));
            case 3:
                return gossip.WithReachability(gossip.Reachability.Without(self, subject.UniqueAddress));
            case 4 when subject.UniqueAddress != self && _random.Next(3) == 0:
                return gossip.Remove([subject.UniqueAddress], At(_random.Next(60, 100)));
            case 5 when subject.Status == MemberStatus.Up:
                return gossip.WithMember(subject.Copy(MemberStatus.Leaving));
            case 5:
                return gossip.WithMember(new Akka.Cluster.Member(Node('z', ++_lastUid), MemberStatus.Joining, []));
            case 6 when _random.Next(3) == 0:
                return gossip.Forget(At(_random.Next(60)));
            default:
                return gossip;
        }
    }
}
