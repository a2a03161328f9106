using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Membership lives in the channel's timeline and in each user's own list. Here is what the users have not recorded yet, and what
/// waits for it: a change is acknowledged when both sides have persisted it. Nothing is stored for this: a recovery that
/// replays a change takes it for unrecorded and tells the user again, which does no harm; and no snapshot is taken before all is settled.
/// </summary>
internal sealed class MembershipSettlement(ChannelId channel, IActorRef users)
{
    private readonly Dictionary<UserId, long> _unrecorded = [];
    private List<(PendingCommand Command, ChannelReply Reply)> _waiting = [];
    private List<ChannelEvent> _undelivered = [];

    public bool IsSettled => _unrecorded.Count == 0;

    /// <summary>Takes note of the changes that <paramref name="e"/> makes, if any.</summary>
    public void Note(ChannelEvent e)
    {
        switch (e)
        {
            case ChannelCreated created:
                foreach (var member in created.Members)
                {
                    _unrecorded[member.User] = e.Id;
                }

                break;
            case MemberAdded added:
                _unrecorded[added.User] = e.Id;
                break;
            case MemberRemoved removed:
                _unrecorded[removed.User] = e.Id;
                break;
        }
    }

    /// <summary>Marks one user's membership as unrecorded: the user says so.</summary>
    public void Reopen(Member member) => _unrecorded[member.User] = member.Since;

    public void TellUsers(ChannelState state, IActorRef self)
    {
        foreach (var (user, change) in _unrecorded)
        {
            var view = state.Find(user) is null ? null : state.View();
            users.Tell(new RecordMembership(user, channel, change, view), self);
        }
    }

    /// <summary>The user has persisted the change; true if that settles the last one.</summary>
    public bool Recorded(UserId user, long change)
    {
        if (!_unrecorded.TryGetValue(user, out var wanted) || change < wanted)
        {
            return false;
        }

        _unrecorded.Remove(user);
        return IsSettled;
    }

    public void Hold(PendingCommand command, ChannelReply reply) => _waiting.Add((command, reply));

    /// <summary>An event on its sender's screen is as good as an acknowledgement, so it waits like one.</summary>
    public void Hold(IEnumerable<ChannelEvent> events) => _undelivered.AddRange(events);

    public void Release(DeliveryLedger ledger, IActorRef self)
    {
        var (replies, events) = (_waiting, _undelivered);
        (_waiting, _undelivered) = ([], []);
        foreach (var (command, reply) in replies)
        {
            command.Reply(reply);
        }

        ledger.Deliver(events, self);
    }

    /// <summary>Tells everyone who waits that the change may or may not have been made; a retry finds out.</summary>
    public void GiveUp()
    {
        foreach (var (command, _) in _waiting)
        {
            command.Refuse(Refusal.Unavailable);
        }

        _waiting.Clear();
    }
}
