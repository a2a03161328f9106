using System.Runtime.InteropServices;
using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Passes on what members tell each other without storing it in the timeline: that they write, and how far they have got. Receipts are
/// merged and told at most every 200 ms: in a busy group everybody gets further with every message, and everybody would have to be told of
/// everybody. What was told is remembered: what a member says may come late, when its way is a long one for a while, and a cursor must not
/// go back. Volatile and bounded by the number of members; who missed receipts reads them from the store.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="users">The shard region of users.</param>
/// <param name="routes">By which way each member is told.</param>
internal sealed class MemberSignals(ChannelId channel, IActorRef users, MemberRoutes routes)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Dictionary<UserId, (long Delivered, long Read)>? _highest;
    private Dictionary<UserId, ReceiptChange>? _waiting;

    /// <summary>A member got further: told at once if nothing was told lately.</summary>
    public void Receipt(ReceiptMoved moved, ITimerScheduler timers)
    {
        ref var highest = ref CollectionsMarshal.GetValueRefOrAddDefault(_highest ??= [], moved.User, out _);
        var (delivered, read) = (moved.Delivered > highest.Delivered ? moved.Delivered : 0, moved.Read > highest.Read ? moved.Read : 0);
        if ((delivered | read) == 0)
        {
            return;
        }

        highest = (Math.Max(highest.Delivered, delivered), Math.Max(highest.Read, read));
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting ??= [], moved.User, out _);
        change = new ReceiptChange(moved.User, Math.Max(change.Delivered, delivered), Math.Max(change.Read, read));
        if (!timers.IsTimerActive(ReceiptsDue.Instance))
        {
            TellReceipts(timers);
        }
    }

    /// <summary>The members have changed.</summary>
    public void Follow(ChannelState state)
    {
        foreach (var user in _highest?.Keys.Where(user => state.Find(user) is null).ToArray() ?? [])
        {
            _highest!.Remove(user);
        }
    }

    /// <summary>Tells what waits; what comes within the next moment waits again.</summary>
    public void TellReceipts(ITimerScheduler timers)
    {
        if (TellWaiting())
        {
            timers.StartSingleTimer(ReceiptsDue.Instance, ReceiptsDue.Instance, Pause);
        }
    }

    /// <summary>Tells what waits.</summary>
    /// <returns>False if nothing did.</returns>
    public bool TellWaiting()
    {
        if (_waiting is null)
        {
            return false;
        }

        var receipts = new ReceiptChanges(channel, [.. _waiting.Values]);
        _waiting = null;
        foreach (var user in routes.Near)
        {
            if (receipts.Concern(user))
            {
                users.Tell(new DeliverReceipts(user, receipts), ActorRefs.NoSender);
            }
        }

        foreach (var (relay, far) in routes.Far)
        {
            relay.Tell(new RelayReceipts(far, receipts), ActorRefs.NoSender);
        }

        routes.TellingReceipts();
        return true;
    }

    /// <summary>Tells the other members that one is writing.</summary>
    public void Typing(UserId by)
    {
        foreach (var user in routes.Near)
        {
            if (user != by)
            {
                users.Tell(new TypingNotice(user, channel, by), ActorRefs.NoSender);
            }
        }

        foreach (var (relay, far) in routes.Far)
        {
            relay.Tell(new RelayTyping(far, channel, by), ActorRefs.NoSender);
        }
    }
}
