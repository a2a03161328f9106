using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Which way leads to each member: the region of users, which knows where everybody is; or, for those who have answered from another node,
/// that node's relay, which is told once for all of them. Volatile; a hint that may be wrong at any time. The relay passes on through its
/// own region, which finds who has moved meanwhile; and who is asked through a relay and doesn't answer is asked through the region the
/// next time. Costs nothing as long as everybody answers from this node.
/// <para>
/// What goes to one member by two ways may arrive in another order than it was told in. So a member who answers from elsewhere is told the
/// new way as soon as they have everything that was told the old way; or, in a channel that never pauses for so long, at the second answer.
/// If that is too early, they find a gap and read it from the journal: slower, but nothing is lost. Receipts have no ids that would show
/// that they come late: the way doesn't change before an answer proves that those have arrived that were told the old way. Only the way of one
/// who doesn't answer does; what comes late then, sockets sort out.
/// </para>
/// </summary>
/// <param name="relays">Null if there are no other nodes.</param>
internal sealed class MemberRoutes(IRelays? relays)
{
    private UserId[] _members = [];
    private Route[] _routes = []; // one a member; none as long as all are at this node
    private UserId[]? _near = [];
    private ImmutableArray<(IActorRef Relay, ImmutableArray<UserId> Users)> _far = [];
    private long _asked;            // the highest head that was asked for
    private long _receiptsProvenBy; // who has answered for this head has all receipts that were told; MaxValue: no answer proves it yet

    /// <summary>Those who are told through the region.</summary>
    public UserId[] Near
    {
        get
        {
            if (_near is null)
            {
                Group();
            }

            return _near!;
        }
    }

    /// <summary>Those who are told through relays, by relay.</summary>
    public ImmutableArray<(IActorRef Relay, ImmutableArray<UserId> Users)> Far
    {
        get
        {
            if (_near is null)
            {
                Group();
            }

            return _far;
        }
    }

    /// <summary>Takes over the members; for those who stay the way stays.</summary>
    public void Follow(UserId[] members)
    {
        if (_routes.Length > 0)
        {
            var known = _members.Zip(_routes).ToDictionary(route => route.First, route => route.Second);
            _routes = Array.ConvertAll(members, known.GetValueOrDefault);
        }

        _members = members;
        _near = null;
    }

    /// <summary>Receipts are told now, each member by their way.</summary>
    public void TellingReceipts() => _receiptsProvenBy = long.MaxValue;

    /// <summary>Members are asked for a head now, each by their way: behind everything that they were told before.</summary>
    public void Asking(long head)
    {
        if (head > _asked)
        {
            _asked = head; // asked for it again, they may answer what they were asked before the receipts
            _receiptsProvenBy = Math.Min(_receiptsProvenBy, head);
        }
    }

    /// <summary>A member has answered.</summary>
    /// <param name="member">Their place among the members.</param>
    /// <param name="from">Who says so: their actor, or what is beside it.</param>
    /// <param name="head">Up to where they have everything.</param>
    /// <param name="hasAll">No event that they were told is on its way any more.</param>
    public void Answered(int member, IActorRef from, long head, bool hasAll)
    {
        if (relays is null)
        {
            return;
        }

        var relay = relays.Beside(from);
        if (_routes.Length == 0)
        {
            if (relay is null)
            {
                return;
            }

            _routes = new Route[_members.Length];
        }

        ref var route = ref _routes[member];
        if (relay != route.Relay && (hasAll || relay == route.Seen) && head >= _receiptsProvenBy)
        {
            route.Relay = relay;
            _near = null;
        }

        (route.Seen, route.IsAsked) = (relay, false);
    }

    /// <summary>The relay of a member; null for one who is told through the region.</summary>
    public IActorRef? RelayOf(int member) => _routes.Length == 0 ? null : _routes[member].Relay;

    /// <summary>A member is to be asked something that needs an answer.</summary>
    /// <returns>The relay to ask through; null for the region, also because the last question through the relay had no answer.</returns>
    public IActorRef? Ask(int member)
    {
        if (RelayOf(member) is null)
        {
            return null;
        }

        ref var route = ref _routes[member];
        if (route.IsAsked)
        {
            route = default;
            _near = null;
        }
        else
        {
            route.IsAsked = true;
        }

        return route.Relay;
    }

    private void Group()
    {
        if (Array.TrueForAll(_routes, static route => route.Relay is null))
        {
            (_near, _far, _routes) = (_members, [], Array.TrueForAll(_routes, static route => route.Seen is null) ? [] : _routes);
            return;
        }

        var members = _members.Zip(_routes, static (user, route) => (User: user, route.Relay)).ToLookup(m => m.Relay, m => m.User);
        _near = [.. members[null]];
        _far = [.. members.Where(group => group.Key is not null).Select(group => (group.Key!, group.ToImmutableArray()))];
    }

    private record struct Route
    {
        /// <summary>The way of what is told; null for the region.</summary>
        public IActorRef? Relay;

        /// <summary>Where the last answer came from.</summary>
        public IActorRef? Seen;

        /// <summary>The member was asked through the relay and hasn't answered.</summary>
        public bool IsAsked;
    }
}
