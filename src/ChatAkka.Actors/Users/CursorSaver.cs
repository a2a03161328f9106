using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Writes the cursor moves of a user, a while after the first of them, or at once when asked to: the cursors themselves, and the
/// <see cref="Receipt"/>s that follow from them. One save at a time; what a failed one had is written with the next. The outcome of a save comes
/// back to the user actor as <see cref="CursorsSaved"/>; only then is a receipt shown to anybody, so that no crash makes it go back.
/// </summary>
internal sealed class CursorSaver(UserId user, Inbox inbox, UserServices services, IActorRef self, ITimerScheduler timers)
{
    // What somebody looks at, and what can wait: every message is delivered, and most of them within a second to all.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    private bool _isDueSoon;

    public DeviceCursors Moves { get; } = new();

    public void Move(DeviceId device, ChannelId channel, long id, ChannelPosition position)
    {
        if (Moves.Move(device, channel, id, position))
        {
            SaveWithin(device == DeviceCursors.Reader ? Soon : Later);
        }
    }

    /// <summary>The highest id that any device has, stored or not.</summary>
    public long DeliveredUpTo(ChannelId channel, ChannelPosition position) => Math.Max(Math.Max(position.Delivered, position.Read), Moves.Highest(channel));

    /// <summary>The user's position in a channel has advanced.</summary>
    public void Settle(ChannelId channel, ChannelPosition position)
    {
        if (Moves.Settle(channel, position))
        {
            SaveWithin(Soon);
        }
    }

    public void SaveNow()
    {
        _isDueSoon = false; // also if nothing is left to save: a device that gives its own cursor takes its moves back
        if (Moves is { HasUnsaved: true, IsSaving: false })
        {
            var moves = Moves.TakeForSaving();
            SaveAsync(moves, [.. Receipts(moves)]).PipeTo(
                self, success: receipts => new CursorsSaved(true, receipts), failure: _ => CursorsSaved.No);
        }
    }

    public void OnSaved(CursorsSaved saved)
    {
        if (saved.Succeeded)
        {
            Moves.Saved();
            foreach (var receipt in saved.Receipts)
            {
                Tell(receipt);
            }
        }
        else
        {
            Moves.NotSaved();
        }

        if (Moves.HasUnsaved)
        {
            SaveWithin(Later);
        }
    }

    // The receipts that the moves make new, with the counts that are known here; -1 for the others.
    private IEnumerable<Receipt> Receipts(IReadOnlyCollection<DeviceCursor> moves)
    {
        foreach (var channel in moves.GroupBy(move => move.Channel))
        {
            if (inbox.Find(channel.Key) is not { } position)
            {
                continue; // left meanwhile
            }

            var delivered = channel.Max(move => move.Id);
            var read = channel.Where(move => move.Device == DeviceCursors.Reader).Select(move => move.Id).FirstOrDefault();
            if (read > position.Read)
            {
                yield return new Receipt(user, channel.Key, delivered, read, inbox.CountUpTo(channel.Key, read) ?? -1);
            }
            else if (delivered > position.Delivered)
            {
                yield return new Receipt(user, channel.Key, delivered, 0, 0);
            }
        }
    }

    private async Task<IReadOnlyList<Receipt>> SaveAsync(IReadOnlyCollection<DeviceCursor> moves, Receipt[] receipts)
    {
        for (var i = 0; i < receipts.Length; i++)
        {
            if (receipts[i].ReadN < 0)
            {
                receipts[i] = await CountAsync(receipts[i]).ConfigureAwait(false);
            }
        }

        // Both lie in the writer's next transaction, and which is stored alone after a crash doesn't matter: each only ever grows.
        await Task.WhenAll(
            services.Cursors.SaveAsync([.. moves.Where(move => move.Device != DeviceCursors.Reader)], overwrite: false, CancellationToken.None),
            services.Receipts.SaveAsync(receipts, CancellationToken.None)).ConfigureAwait(false);
        return receipts;
    }

    private async Task<Receipt> CountAsync(Receipt receipt)
    {
        var events = await services.Timelines.ReadAsync(receipt.Channel, receipt.Read, receipt.Read, 1, backward: false, CancellationToken.None).ConfigureAwait(false);
        return receipt with { ReadN = events.Single().N };
    }

    private void Tell(Receipt receipt)
    {
        if (inbox.Find(receipt.Channel)?.Learn(receipt) is { } news && (news.Delivered | news.Read) != 0)
        {
            services.Channels.Tell(new ReceiptMoved(receipt.Channel, user, news.Delivered, news.Read), ActorRefs.NoSender);
        }
    }

    private void SaveWithin(TimeSpan delay)
    {
        if (!Moves.IsSaving && !(_isDueSoon || (delay == Later && timers.IsTimerActive(SaveCursors.Instance))))
        {
            _isDueSoon = delay == Soon;
            timers.StartSingleTimer(SaveCursors.Instance, SaveCursors.Instance, delay);
        }
    }
}
