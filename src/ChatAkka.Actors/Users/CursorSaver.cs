using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Writes the cursor moves of a user, a while after the first of them, or at once when asked to: the cursors themselves, and the
/// <see cref="Receipt"/>s that follow from them. One save at a time; what a failed one had is written with the next. The outcome of a save
/// comes back to the user actor as <see cref="CursorsSaved"/>; only then is a receipt shown to anybody, so that no crash makes it go back.
/// </summary>
internal sealed class CursorSaver(
    UserId user, Inbox inbox, ReadCursors reads, UserServices services, IActorRef self, ITimerScheduler timers)
{
    // What somebody looks at, and what can wait: every message is delivered, and most of them within a second to all.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    // Of saves that failed. The store may have them, and sessions may read them there, but nobody was told.
    private Dictionary<ChannelId, Receipt>? _untold;
    private IReadOnlyCollection<DeviceCursor>? _saving;
    private UnplacedMoves? _unplaced;
    private bool _isDueSoon;

    // What earlier incarnations have told is in the store. Until it is read, what a device says may be behind that.
    private bool _knowsStored;

    public DeviceCursors Moves { get; } = new();

    /// <summary>A device says that it has everything up to an id.</summary>
    public void Move(in DeviceCursor move, UserState state)
    {
        // A member's cursors start just before the event that added them: to one who was a member before, less would be a step back.
        if (!(state.MemberSince(move.Channel) <= move.Id))
        {
            return;
        }

        if (inbox.Find(move.Channel) is not { IsKnown: true } position)
        {
            (_unplaced ??= new UnplacedMoves(user, services, self, timers)).Add(move, state);
        }
        else if (Moves.Move(move.Device, move.Channel, move.Id, position))
        {
            SaveWithin(move.Device == DeviceCursors.Reader ? Soon : Later);
        }
    }

    /// <summary>A device that attaches says itself what it has. It may be more than anybody was told: the last that it said of it was lost with
    /// its node.</summary>
    public void Hear(LoadedCursors loaded, UserState state)
    {
        foreach (var (channel, id) in loaded.Given ?? ImmutableDictionary<ChannelId, long>.Empty)
        {
            if (inbox.Find(channel) is { IsKnown: true } position && id > position.Delivered)
            {
                Move(new DeviceCursor(loaded.Device, channel, id), state);
            }
        }
    }

    /// <summary>Asks the stores where the user stands, if there are moves that wait for that.</summary>
    public void ReadPositions(UserState state)
    {
        if (_unplaced is { IsEmpty: false })
        {
            _unplaced.Read(state);
        }
    }

    /// <summary>The stores have answered, or haven't: then they are asked again.</summary>
    /// <returns>True if they have.</returns>
    public bool OnPositionsRead(PositionsRead read) => _unplaced!.OnRead(read);

    /// <summary>It is known where the user stands: moves that waited for that are moves now.</summary>
    public void PlaceMoves(UserState state)
    {
        foreach (var move in _unplaced?.Take() ?? [])
        {
            Move(move, state);
        }
    }

    /// <summary>The highest id that any device has, stored or not.</summary>
    public long DeliveredUpTo(ChannelId channel, ChannelPosition position) =>
        Math.Max(Math.Max(position.Delivered, position.Read), Moves.Highest(channel));

    /// <summary>The user's position in a channel has advanced.</summary>
    public void Settle(ChannelId channel, ChannelPosition position)
    {
        if (Moves.Settle(channel, position))
        {
            SaveWithin(Soon);
        }
    }

    /// <summary>Saves at once what there is to save.</summary>
    /// <returns>True if something is on its way to the store, or to where it can be saved.</returns>
    public bool SaveNow()
    {
        _isDueSoon = false; // also if nothing is left to save: a device that gives its own cursor takes its moves back
        if (Moves is { HasUnsaved: true, IsSaving: false })
        {
            var moves = _saving = Moves.TakeForSaving();
            Receipt[] news = [.. Receipts(moves)];
            SaveAsync(moves, news, !_knowsStored).PipeTo(
                self,
                success: stored => new CursorsSaved(true, moves, news) { Stored = stored },
                failure: _ => new CursorsSaved(false, moves, news));
        }

        return Moves.HasUnsaved || _unplaced is { IsEmpty: false };
    }

    /// <summary>
    /// This incarnation ends. What it was told and the store may not have is the next one's, who is told it through the region: the device
    /// won't say it a second time.
    /// </summary>
    public void PassOn()
    {
        foreach (var (device, channel, id) in Moves.All.Concat(_unplaced?.All ?? []))
        {
            IUserMessage move = device == DeviceCursors.Reader
                ? new MoveReadCursor(user, channel, id)
                : new MoveCursor(user, device, channel, id);
            services.Users.Tell(move, ActorRefs.NoSender);
        }
    }

    /// <summary>A save has ended.</summary>
    /// <returns>True if the store has its moves now.</returns>
    public bool OnSaved(CursorsSaved saved, UserState state)
    {
        if (saved.Moves != _saving)
        {
            return false; // begun before this actor was restarted
        }

        if (saved.Succeeded)
        {
            Moves.Saved();
            _untold = null; // what a failed save had was in this one
            _knowsStored = true;
            reads.Learn(saved.Stored.Concat(saved.Receipts), state);
            foreach (var receipt in saved.Receipts)
            {
                Tell(receipt);
            }
        }
        else
        {
            Moves.NotSaved();
            foreach (var receipt in saved.Receipts)
            {
                (_untold ??= [])[receipt.Channel] = receipt;
            }
        }

        if (Moves.HasUnsaved)
        {
            SaveWithin(Later);
        }

        return saved.Succeeded;
    }

    // The receipts that the moves make new, with the counts that are known here; -1 for the others. A cursor that doesn't move is 0, which
    // the store, merging by maximum, leaves alone.
    private IEnumerable<Receipt> Receipts(IReadOnlyCollection<DeviceCursor> moves)
    {
        foreach (var channel in moves.GroupBy(move => move.Channel))
        {
            if (inbox.Find(channel.Key) is not { } position)
            {
                continue; // left meanwhile
            }

            var untold = _untold?.GetValueOrDefault(channel.Key) ?? default;
            var delivered = Math.Max(untold.Delivered, News(channel.Max(move => move.Id), position.Delivered));
            var moved = channel.Where(move => move.Device == DeviceCursors.Reader).Select(move => move.Id).FirstOrDefault();
            var read = Math.Max(untold.Read, News(moved, position.Read));
            if ((delivered | read) != 0)
            {
                var count = read == 0 ? 0 : inbox.CountUpTo(channel.Key, read) ?? -1;
                yield return new Receipt(user, channel.Key, delivered, read, count);
            }
        }
    }

    // Returns what was stored before, if that is asked for.
    private async Task<IReadOnlyList<Receipt>> SaveAsync(IReadOnlyCollection<DeviceCursor> moves, Receipt[] receipts, bool readsStored)
    {
        var stored = readsStored ? await services.Receipts.LoadAsync(user, CancellationToken.None).ConfigureAwait(false) : [];
        for (var i = 0; i < receipts.Length; i++)
        {
            if (receipts[i].ReadN < 0)
            {
                receipts[i] = await CountAsync(receipts[i]).ConfigureAwait(false);
            }
        }

        // Both lie in the writer's next transaction, and which is stored alone after a crash doesn't matter: each only ever grows.
        await Task.WhenAll(
            services.Cursors.SaveAsync(
                [.. moves.Where(move => move.Device != DeviceCursors.Reader)], overwrite: false, CancellationToken.None),
            services.Receipts.SaveAsync(receipts, CancellationToken.None)).ConfigureAwait(false);
        return stored;
    }

    private async Task<Receipt> CountAsync(Receipt receipt)
    {
        var events = await services.Timelines.ReadAsync(
            receipt.Channel, receipt.Read, receipt.Read, 1, backward: false, CancellationToken.None).ConfigureAwait(false);
        return receipt with { ReadN = events.Single().N };
    }

    // The members are told although it may not be news here any more: a session that attached while the save was on its way back has read
    // it from the store, and told only the user. What is newer by now is told by the save that made it so.
    private void Tell(Receipt receipt)
    {
        if (inbox.Find(receipt.Channel) is not { } position)
        {
            return; // left meanwhile
        }

        var delivered = News(receipt.Delivered, position.Delivered - 1);
        var read = News(receipt.Read, position.Read - 1);
        if ((delivered | read) != 0)
        {
            services.Channels.Tell(new ReceiptMoved(receipt.Channel, user, delivered, read), ActorRefs.NoSender);
        }
    }

    private static long News(long moved, long known) => moved > known ? moved : 0;

    private void SaveWithin(TimeSpan delay)
    {
        if (!Moves.IsSaving && !(_isDueSoon || (delay == Later && timers.IsTimerActive(SaveCursors.Instance))))
        {
            _isDueSoon = delay == Soon;
            timers.StartSingleTimer(SaveCursors.Instance, SaveCursors.Instance, delay);
        }
    }
}
