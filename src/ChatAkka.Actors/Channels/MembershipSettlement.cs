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
            users.Tell(new RecordMembership(user, channel, change, state.ViewOf(user)), self);
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

    /// <summary>
    /// Answers a command, now or when all is settled. A change of membership is acknowledged when its users have recorded it. So is a
    /// message of a direct channel: an acknowledged one has to reach a recipient who doesn't know of the channel yet.
    /// </summary>
    public void Answer(PendingCommand command, ChannelReply reply, ChannelKind kind)
    {
        var waits = !IsSettled && reply switch
        {
            Posted => kind == ChannelKind.Direct,
            ChannelInfo => command.Command is OpenDirect or CreateGroup or AddMember or RemoveMember,
            _ => false,
        };
        if (waits)
        {
            _waiting.Add((command, reply));
        }
        else
        {
            command.Reply(reply);
        }
    }

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
