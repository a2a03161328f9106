using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Who has to get the channel's events, and up to which id each has acknowledged. Volatile: after a recovery nobody has, and the
/// first probe asks.
/// </summary>
internal sealed class DeliveryLedger(ChannelId channel, IActorRef users)
{
    private UserId[] _members = [];
    private long[] _acknowledged = [];

    /// <summary>Takes over the members of a state; who stays keeps what they acknowledged.</summary>
    public void Follow(ChannelState state)
    {
        var known = new Dictionary<UserId, long>(_members.Length);
        for (var i = 0; i < _members.Length; i++)
        {
            known[_members[i]] = _acknowledged[i];
        }

        var members = state.View().Members;
        _members = new UserId[members.Length];
        _acknowledged = new long[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            _members[i] = members[i].User;
            _acknowledged[i] = known.GetValueOrDefault(members[i].User, members[i].Since - 1);
        }
    }

    public void Deliver(Delivery delivery)
    {
        foreach (var member in _members)
        {
            users.Tell(new DeliverEvents(member, delivery), ActorRefs.NoSender);
        }
    }

    public void Acknowledge(UserId user, long head)
    {
        var at = Array.IndexOf(_members, user);
        if (at >= 0 && _acknowledged[at] < head)
        {
            _acknowledged[at] = head;
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
