using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>One store in memory behind all ports, whose writes and reads a test can hold and fail. Thread-safe.</summary>
internal sealed class TestStore : ITimelineReader, ICursorStore, IReceiptStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<object>> _events = [];
    private readonly Dictionary<(DeviceId, ChannelId), long> _cursors = [];
    private readonly Dictionary<(UserId, ChannelId), Receipt> _receipts = [];
    private TaskCompletionSource? _writesHeld;
    private TaskCompletionSource? _readsHeld;
    private TaskCompletionSource? _cursorAnswersHeld;
    private int _cursorLoads;

    /// <summary>Set: every write fails with it.</summary>
    public Exception? FailWrites { get; set; }

    /// <summary>Set: every read of timelines and cursors fails with it.</summary>
    public Exception? FailReads { get; set; }

    /// <summary>How many atomic writes were committed.</summary>
    public int Commits { get; private set; }

    /// <summary>How often the cursors of a device were asked for.</summary>
    public int CursorLoads => Volatile.Read(ref _cursorLoads);

    public Task WritesReleased => _writesHeld?.Task ?? Task.CompletedTask;

    public void HoldWrites() => _writesHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseWrites() => Interlocked.Exchange(ref _writesHeld, null)!.SetResult();

    public void HoldReads() => _readsHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseReads() => Interlocked.Exchange(ref _readsHeld, null)!.SetResult();

    /// <summary>Cursors are read when they are asked for, but the answer is on its way until <see cref="ReleaseCursorAnswers"/>.</summary>
    public void HoldCursorAnswers() => _cursorAnswersHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseCursorAnswers() => Interlocked.Exchange(ref _cursorAnswersHeld, null)!.SetResult();

    public void Append(string persistenceId, IEnumerable<object> events)
    {
        lock (_gate)
        {
            if (!_events.TryGetValue(persistenceId, out var stored))
            {
                _events[persistenceId] = stored = [];
            }

            stored.AddRange(events);
            Commits++;
        }
    }

    public IReadOnlyList<object> EventsOf(string persistenceId)
    {
        lock (_gate)
        {
            return _events.TryGetValue(persistenceId, out var events) ? [.. events] : [];
        }
    }

    public IReadOnlyList<ChannelEvent> Timeline(ChannelId channel) => [.. EventsOf("channel-" + channel.Value).Cast<ChannelEvent>()];

    public long CursorOf(DeviceId device, ChannelId channel)
    {
        lock (_gate)
        {
            return _cursors.GetValueOrDefault((device, channel));
        }
    }

    public Receipt ReceiptOf(UserId user, ChannelId channel)
    {
        lock (_gate)
        {
            return _receipts.GetValueOrDefault((user, channel));
        }
    }

    public async Task<IReadOnlyList<ChannelEvent>> ReadAsync(
        ChannelId channel, long from, long to, int limit, bool backward, CancellationToken cancel)
    {
        await ReadGate();
        var range = Timeline(channel).Where(e => e.Id >= from && e.Id <= to);
        return [.. (backward ? range.Reverse() : range).Take(limit)];
    }

    public async Task<IReadOnlyList<Annotation>> ReadAnnotationsAsync(ChannelId channel, long from, long to, CancellationToken cancel)
    {
        await ReadGate();
        return
        [
            .. Timeline(channel).OfType<Annotation>().Where(a => a.Target >= from && a.Target <= to)
                .GroupBy(a => (a.Target, a.Slot)).Select(slot => slot.Last()),
        ];
    }

    public async Task<IReadOnlyDictionary<ChannelId, ChannelEvent>> HeadsAsync(
        IReadOnlyCollection<ChannelId> channels, CancellationToken cancel)
    {
        await ReadGate();
        return channels.Where(c => Timeline(c).Count > 0).ToDictionary(c => c, c => Timeline(c)[^1]);
    }

    public async Task<IReadOnlyDictionary<ChannelId, long>> LoadAsync(DeviceId device, CancellationToken cancel)
    {
        Interlocked.Increment(ref _cursorLoads);
        await ReadGate();
        Dictionary<ChannelId, long> cursors;
        lock (_gate)
        {
            cursors = _cursors.Where(c => c.Key.Item1 == device).ToDictionary(c => c.Key.Item2, c => c.Value);
        }

        await (_cursorAnswersHeld?.Task ?? Task.CompletedTask);
        return cursors;
    }

    public Task SaveAsync(IReadOnlyCollection<DeviceCursor> cursors, bool overwrite, CancellationToken cancel)
    {
        if (FailWrites is { } failure)
        {
            return Task.FromException(failure);
        }

        lock (_gate)
        {
            foreach (var cursor in cursors)
            {
                var stored = _cursors.GetValueOrDefault((cursor.Device, cursor.Channel));
                _cursors[(cursor.Device, cursor.Channel)] = overwrite ? cursor.Id : Math.Max(stored, cursor.Id);
            }
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(DeviceId device, IReadOnlyCollection<ChannelId> channels, CancellationToken cancel)
    {
        lock (_gate)
        {
            foreach (var channel in channels)
            {
                _cursors.Remove((device, channel));
            }
        }

        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<Receipt>> LoadAsync(UserId user, CancellationToken cancel)
    {
        await ReadGate();
        lock (_gate)
        {
            return [.. _receipts.Values.Where(receipt => receipt.User == user)];
        }
    }

    public async Task<IReadOnlyList<Receipt>> FindAsync(ChannelId channel, IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        await ReadGate();
        lock (_gate)
        {
            return [.. _receipts.Values.Where(receipt => receipt.Channel == channel && users.Contains(receipt.User))];
        }
    }

    public Task SaveAsync(IReadOnlyCollection<Receipt> receipts, CancellationToken cancel)
    {
        if (FailWrites is { } failure)
        {
            return Task.FromException(failure);
        }

        lock (_gate)
        {
            foreach (var receipt in receipts)
            {
                var stored = _receipts.GetValueOrDefault((receipt.User, receipt.Channel));
                var (read, readN) = receipt.Read > stored.Read ? (receipt.Read, receipt.ReadN) : (stored.Read, stored.ReadN);
                var delivered = Math.Max(stored.Delivered, receipt.Delivered);
                _receipts[(receipt.User, receipt.Channel)] = receipt with { Delivered = delivered, Read = read, ReadN = readN };
            }
        }

        return Task.CompletedTask;
    }

    private async Task ReadGate()
    {
        await (_readsHeld?.Task ?? Task.CompletedTask);
        if (FailReads is { } failure)
        {
            throw failure;
        }
    }
}
