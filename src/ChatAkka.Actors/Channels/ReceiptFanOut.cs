using System.Runtime.InteropServices;
using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Passes receipts on to the members, merged, at most every 200 ms: in a busy group everybody gets further with every message, and everybody would have to
/// be told of everybody. Volatile and bounded by the number of members; who missed some reads them from the store.
/// </summary>
internal sealed class ReceiptFanOut(ChannelId channel, IActorRef users)
{
    /// <summary>The least time between two tellings.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Dictionary<UserId, ReceiptChange>? _waiting;

    /// <summary>Takes note of a member's receipt.</summary>
    public void Add(ReceiptMoved moved)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting ??= [], moved.User, out _);
        change = new ReceiptChange(moved.User, Math.Max(change.Delivered, moved.Delivered), Math.Max(change.Read, moved.Read));
    }

    /// <summary>Tells the members; false if there was nothing to tell.</summary>
    public bool Flush(ChannelState state)
    {
        if (_waiting is null)
        {
            return false;
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

        return true;
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
