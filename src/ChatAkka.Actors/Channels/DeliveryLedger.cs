using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Who has to get the channel's events, and up to which id each has acknowledged. Volatile: after a recovery nobody has, and the
/// first probe asks.
/// <para>
/// A large group is delivered to at the pace of its members: the last one is asked to acknowledge, and what is committed until it does is
/// held and then delivered in one piece. An idle node answers in microseconds and nothing waits; on a busy one every member's sockets get
/// several events with one write, which is what makes it keep up.
/// </para>
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="users">The shard region of users.</param>
/// <param name="routes">By which way each member is told; follows the members of this.</param>
internal sealed class DeliveryLedger(ChannelId channel, IActorRef users, MemberRoutes routes)
{
    private const int PacedFrom = 8;
    private const int MaxHeld = 256;

    private readonly List<ChannelEvent> _held = [];
    private UserId[] _members = [];
    private long[] _acknowledged = [];
    private long _pacedTo;
    private long _toldTo;
    private int _next;

    /// <summary>Something waits for the pace; if the acknowledgement doesn't come soon, <see cref="ReleaseHeld"/> is due.</summary>
    public bool IsHolding => _held.Count > 0;

    /// <summary>Takes over the members of a state; who stays keeps what they acknowledged.</summary>
    public void Follow(ChannelState state)
    {
        var known = new Dictionary<UserId, long>(_members.Length);
        for (var i = 0; i < _members.Length; i++)
        {
            known[_members[i]] = _acknowledged[i];
        }

        (_pacedTo, _next) = (0, 0);
        var members = state.Members;
        _members = new UserId[members.Length];
        _acknowledged = new long[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            _members[i] = members[i].User;
            _acknowledged[i] = known.GetValueOrDefault(members[i].User, members[i].Since - 1);
        }

        routes.Follow(_members);
    }

    /// <summary>Delivers committed events to all members, now or at their pace.</summary>
    public void Deliver(IEnumerable<ChannelEvent> events, IActorRef self)
    {
        _held.AddRange(events);
        if (_pacedTo == 0 || _held.Count >= MaxHeld)
        {
            ReleaseHeld(self);
        }
    }

    /// <summary>Delivers what is held without waiting any longer: the pace is not to be had, or the members are about to change.</summary>
    public void ReleaseHeld(IActorRef self)
    {
        if (_held.Count == 0)
        {
            return;
        }

        var delivery = new Delivery(channel, [.. _held]);
        _held.Clear();
        _toldTo = delivery.Events[^1].Id;
        foreach (var user in routes.Near)
        {
            users.Tell(new DeliverEvents(user, delivery), ActorRefs.NoSender);
        }

        foreach (var (relay, far) in routes.Far)
        {
            relay.Tell(new RelayEvents(far, delivery), ActorRefs.NoSender);
        }

        if (_members.Length >= PacedFrom)
        {
            // By the way that the events went: overtaking them it would make the user read them from the journal.
            _pacedTo = _toldTo;
            routes.Asking(_pacedTo);
            if (routes.RelayOf(_members.Length - 1) is { } relay)
            {
                relay.Tell(new RelayProbe([_members[^1]], channel, _pacedTo), self);
            }
            else
            {
                users.Tell(new ProbeDelivery(_members[^1], channel, _pacedTo), self);
            }
        }
    }

    /// <summary>A member has everything up to <paramref name="head"/>.</summary>
    /// <param name="from">Who says so.</param>
    public void Acknowledge(UserId user, long head, IActorRef from, IActorRef self)
    {
        var at = Find(user);
        if (at < 0)
        {
            return;
        }

        _acknowledged[at] = Math.Max(_acknowledged[at], head);
        routes.Answered(at, from, head, hasAll: _acknowledged[at] >= _toldTo);
        if (_pacedTo > 0 && head >= _pacedTo && at == _members.Length - 1)
        {
            _pacedTo = 0;
            ReleaseHeld(self);
        }
    }

    /// <summary>A member has said something, from where they live.</summary>
    public void Locate(UserId user, IActorRef from)
    {
        if (Find(user) is >= 0 and var at)
        {
            routes.Answered(at, from, _acknowledged[at], hasAll: _acknowledged[at] >= _toldTo);
        }
    }

    /// <summary>Asks every member that is behind <paramref name="head"/>; false if nobody is.</summary>
    public bool Probe(long head, IActorRef self)
    {
        routes.Asking(head);
        var any = false;
        List<(IActorRef Relay, UserId User)>? far = null;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_acknowledged[i] >= head)
            {
                continue;
            }

            any = true;
            if (routes.Ask(i) is { } relay)
            {
                (far ??= []).Add((relay, _members[i]));
            }
            else
            {
                users.Tell(new ProbeDelivery(_members[i], channel, head), self);
            }
        }

        foreach (var group in far?.GroupBy(member => member.Relay, member => member.User) ?? [])
        {
            group.Key.Tell(new RelayProbe([.. group], channel, head), self);
        }

        return any;
    }

    // Many answer in the order in which they were told.
    private int Find(UserId user)
    {
        var at = Array.IndexOf(_members, user, _next);
        if (at < 0)
        {
            at = Array.IndexOf(_members, user, 0, _next);
        }

        _next = at + 1;
        return at;
    }
}
