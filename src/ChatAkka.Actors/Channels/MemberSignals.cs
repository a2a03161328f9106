using System.Runtime.InteropServices;
using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Passes on what members tell each other without storing it in the timeline: that they write, and how far they have got. Receipts are merged and told at most every
/// 200 ms: in a busy group everybody gets further with every message, and everybody would have to be told of everybody. Volatile and bounded by the
/// number of members; who missed receipts reads them from the store.
/// </summary>
internal sealed class MemberSignals(ChannelId channel, IActorRef users)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Dictionary<UserId, ReceiptChange>? _waiting;

    /// <summary>A member got further: told at once if nothing was told lately.</summary>
    public void Receipt(ReceiptMoved moved, ChannelState state, ITimerScheduler timers)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting ??= [], moved.User, out _);
        change = new ReceiptChange(moved.User, Math.Max(change.Delivered, moved.Delivered), Math.Max(change.Read, moved.Read));
        if (!timers.IsTimerActive(ReceiptsDue.Instance))
        {
            TellReceipts(state, timers);
        }
    }

    /// <summary>Tells what waits.</summary>
    public void TellReceipts(ChannelState state, ITimerScheduler timers)
    {
        if (_waiting is null)
        {
            return;
        }

        var receipts = new ReceiptChanges(channel, [.. _waiting.Values]);
        _waiting = null;
        foreach (var member in state.Members)
        {
            if (Concerns(receipts, member.User))
            {
                users.Tell(new DeliverReceipts(member.User, receipts), ActorRefs.NoSender);
            }
        }

        timers.StartSingleTimer(ReceiptsDue.Instance, ReceiptsDue.Instance, Pause);
    }

    /// <summary>Tells the other members that one is writing.</summary>
    public void Typing(UserId by, ChannelState state)
    {
        foreach (var member in state.Members)
        {
            if (member.User != by)
            {
                users.Tell(new TypingNotice(member.User, channel, by), ActorRefs.NoSender);
            }
        }
    }

    // What was delivered to one of their own devices is nothing that a user wants to know; what they have read, is.
    private static bool Concerns(ReceiptChanges receipts, UserId user)
    {
        foreach (var change in receipts.Changes)
        {
            if (change.User != user || change.Read != 0)
            {
                return true;
            }
        }

        return false;
    }
}
