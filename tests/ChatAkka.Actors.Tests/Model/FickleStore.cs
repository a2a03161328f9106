using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Runtime;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// The stores of a simulated node. As long as they are fickle, every answer takes a moment, some calls fail, and some writes are stored
/// without anybody learning it.
/// </summary>
internal sealed class FickleStore(Simulation simulation) : ITimelineReader, ICursorStore, IReceiptStore
{
    public TestStore Truth { get; } = new();

    public bool IsFickle { get; set; } = true;

    /// <summary>Told of what was stored under a persistence id, at that moment.</summary>
    public Action<string, IReadOnlyList<object>> Appended { get; set; } = (_, _) => { };

    /// <summary>Told of receipts that were stored.</summary>
    public Action<IReadOnlyCollection<Receipt>> Received { get; set; } = _ => { };

    public async Task AppendAsync(IReadOnlyList<AtomicWrite> writes)
    {
        var fate = await FateAsync();
        if (fate == Fate.Lost)
        {
            throw new StorageUnavailableException("lost the write");
        }

        foreach (var write in writes)
        {
            var events = (IImmutableList<IPersistentRepresentation>)write.Payload;
            if (events[0].SequenceNr != Truth.EventsOf(write.PersistenceId).Count + 1)
            {
                throw new InvalidOperationException($"{write.PersistenceId} has event {events[0].SequenceNr} already");
            }

            var payloads = events.Select(e => e.Payload).ToArray();
            Truth.Append(write.PersistenceId, payloads);
            Appended(write.PersistenceId, payloads);
        }

        if (fate == Fate.AnswerLost)
        {
            throw new StorageUnavailableException("lost the answer");
        }
    }

    public async Task<IReadOnlyList<object>> EventsAsync(string persistenceId)
    {
        await LaterAsync();
        return Truth.EventsOf(persistenceId);
    }

    public Task<IReadOnlyList<ChannelEvent>> ReadAsync(
        ChannelId channel, long from, long to, int limit, bool backward, CancellationToken cancel) =>
        AnswerAsync(() => Truth.ReadAsync(channel, from, to, limit, backward, cancel));

    public Task<IReadOnlyList<Annotation>> ReadAnnotationsAsync(ChannelId channel, long from, long to, CancellationToken cancel) =>
        AnswerAsync(() => Truth.ReadAnnotationsAsync(channel, from, to, cancel));

    public Task<IReadOnlyDictionary<ChannelId, ChannelEvent>> HeadsAsync(
        IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) =>
        AnswerAsync(() => Truth.HeadsAsync(channels, cancel));

    public Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device, CancellationToken cancel) =>
        AnswerAsync(() => Truth.LoadAsync(device, cancel));

    public Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel) =>
        AnswerAsync(() => Truth.LoadAsync(user, cancel));

    public Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        AnswerAsync(() => Truth.FindAsync(channel, users, cancel));

    public Task SaveAsync(IReadOnlyCollection<DeviceCursor> cursors, bool overwrite, CancellationToken cancel) =>
        WriteAsync(() => Truth.SaveAsync(cursors, overwrite, cancel));

    public Task ForgetAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) =>
        WriteAsync(() => Truth.ForgetAsync(device, channels, cancel));

    public Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel) => WriteAsync(() =>
    {
        Received(receipts);
        return Truth.SaveAsync(receipts, cancel);
    });

    /// <summary>An answer is as old as the question, or as new as itself.</summary>
    public async Task<T> AnswerAsync<T>(Func<Task<T>> read)
    {
        var early = simulation.Random.Next(2) == 0 ? read() : null;
        return await FateAsync() == Fate.Lost ? throw new StorageUnavailableException("no answer") : await (early ?? read());
    }

    /// <summary>Writes, or not; and says so, or not.</summary>
    public async Task WriteAsync(Func<Task> write)
    {
        var fate = await FateAsync();
        if (fate == Fate.Lost)
        {
            throw new StorageUnavailableException("lost the write");
        }

        await write();
        if (fate == Fate.AnswerLost)
        {
            throw new StorageUnavailableException("lost the answer");
        }
    }

    /// <summary>Writes and says so, or does neither.</summary>
    public async Task WriteOrThrowAsync(Action write)
    {
        if (await FateAsync() != Fate.Good)
        {
            throw new StorageUnavailableException("lost the write");
        }

        write();
    }

    private async Task<Fate> FateAsync()
    {
        await LaterAsync();
        return !IsFickle ? Fate.Good : simulation.Random.Next(40) switch
        {
            0 => Fate.Lost,
            1 => Fate.AnswerLost,
            _ => Fate.Good,
        };
    }

    // A moment of virtual time.
    private Task LaterAsync() => Task.Delay(TimeSpan.FromMilliseconds(1 + simulation.Random.Next(20)), simulation.Time);

    private enum Fate
    {
        Good,
        Lost,
        AnswerLost,
    }
}

/// <summary>The journal plugin over a <see cref="FickleStore"/>.</summary>
internal sealed class FickleJournal(FickleStore store) : AsyncWriteJournal
{
    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        (await store.EventsAsync(persistenceId)).Count;

    public override async Task ReplayMessagesAsync(
        Akka.Actor.IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        var events = await store.EventsAsync(persistenceId);
        for (var nr = Math.Max(1, fromSequenceNr); nr <= Math.Min(toSequenceNr, events.Count) && max-- > 0; nr++)
        {
            recoveryCallback(new Persistent(events[(int)nr - 1], nr, persistenceId));
        }
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        await store.AppendAsync([.. messages]);
        return null;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => Task.CompletedTask;
}
