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
internal sealed class DeliveryLedger(ChannelId channel, IActorRef users)
{
    private const int PacedFrom = 8;
    private const int MaxHeld = 256;

    private readonly List<ChannelEvent> _held = [];
    private UserId[] _members = [];
    private long[] _acknowledged = [];
    private long _pacedTo;

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

        _pacedTo = 0;
        var members = state.Members;
        _members = new UserId[members.Length];
        _acknowledged = new long[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            _members[i] = members[i].User;
            _acknowledged[i] = known.GetValueOrDefault(members[i].User, members[i].Since - 1);
        }
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
        foreach (var member in _members)
        {
            users.Tell(new DeliverEvents(member, delivery), ActorRefs.NoSender);
        }

        if (_members.Length >= PacedFrom)
        {
            _pacedTo = delivery.Events[^1].Id;
            users.Tell(new ProbeDelivery(_members[^1], channel, _pacedTo), self);
        }
    }

    public void Acknowledge(UserId user, long head, IActorRef self)
    {
        var at = Array.IndexOf(_members, user);
        if (at < 0)
        {
            return;
        }

        _acknowledged[at] = Math.Max(_acknowledged[at], head);
        if (_pacedTo > 0 && head >= _pacedTo && at == _members.Length - 1)
        {
            _pacedTo = 0;
            ReleaseHeld(self);
        }
    }

    /// <summary>Asks every member that is behind <paramref name="head"/>; false if nobody is.</summary>
    public bool Probe(long head, IActorRef self)
    {
        var any = false;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_acknowledged[i] < head)
            {
                any = true;
                users.Tell(new ProbeDelivery(_members[i], channel, head), self);
            }
        }

        return any;
    }
}
