using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Push.Tests.Support;

/// <summary>An outbox in memory that can be out of order. It outlives the dispatcher, as the store does.</summary>
internal sealed class FakeOutbox : IPushOutbox
{
    private readonly Lock _gate = new();
    private readonly List<Row> _rows = [];
    private readonly List<string> _dead = [];
    private readonly List<(Func<FakeOutbox, bool> Holds, TaskCompletionSource Reached)> _waiting = [];
    private volatile bool _isDown;
    private long _last;
    private int _refused;

    /// <summary>The store can't answer.</summary>
    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    /// <summary>Calls that the store couldn't answer.</summary>
    public int Refused => _refused;

    /// <summary>The rows in words: id, failed attempts, when it is due.</summary>
    public IReadOnlyList<string> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows.Select(row => $"{row.Push.Id}: {row.Push.Attempts} failed, {Due(row)}")];
            }
        }
    }

    /// <summary>Who has claimed which rows, in words.</summary>
    public IReadOnlyList<string> Claims
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows.Where(row => row.ClaimedBy is not null).Select(row => $"{row.Push.Id}: {row.ClaimedBy}")];
            }
        }
    }

    /// <summary>The dead letters in words.</summary>
    public IReadOnlyList<string> Dead
    {
        get
        {
            lock (_gate)
            {
                return [.. _dead];
            }
        }
    }

    /// <summary>Ends when the condition holds; it is asked after each write and refused call.</summary>
    public Task Becomes(Func<FakeOutbox, bool> holds, string what)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((holds, reached));
            Tell();
            return reached.Task.Within(what);
        }
    }

    public Task AddAsync(IReadOnlyCollection<PushRequest> requests, CancellationToken cancel) => Write(() =>
    {
        foreach (var request in requests)
        {
            if (_rows.Exists(row => row.Push.User == request.User && row.Push.Channel == request.Channel))
            {
                continue;
            }

            var id = ++_last;
            var push = new PendingPush(id, $"store-{id}", request.User, request.Channel, request.MessageId, request.At, Attempts: 0);
            _rows.Add(new Row(push) { NextAt = request.At });
        }
    });

    public Task<IReadOnlySet<ChannelId>> ListAsync(UserId user, CancellationToken cancel) =>
        throw new NotSupportedException("the dispatcher doesn't list");

    public Task ClearAsync(UserId user, CancellationToken cancel) => Write(() => _rows.RemoveAll(row => row.Push.User == user));

    /// <summary>The queue of a node.</summary>
    public IPushQueue QueueOf(string node) => new Queue(this, node);

    private static string Due(Row row) => row.NextAt is { } at ? $"due at {at - ManualTime.Start}" : "done";

    private Task Write(Action write) => Read(() =>
    {
        write();
        return true;
    });

    private Task<T> Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            if (_isDown)
            {
                _refused++;
                Tell();
                return Task.FromException<T>(new StorageUnavailableException("the disk is full"));
            }

            var answer = read();
            Tell();
            return Task.FromResult(answer);
        }
    }

    private void Tell() => _waiting.FindAll(waiting => waiting.Holds(this)).ForEach(waiting => waiting.Reached.TrySetResult());

    private sealed class Row(PendingPush push)
    {
        public PendingPush Push { get; set; } = push;

        public long? NextAt { get; set; }

        public string? ClaimedBy { get; set; }

        public long ClaimedUntil { get; set; }
    }

    private sealed class Queue(FakeOutbox outbox, string node) : IPushQueue
    {
        public Task<IReadOnlyList<PendingPush>> ClaimDueAsync(long now, long until, int limit, CancellationToken cancel) =>
            outbox.Read<IReadOnlyList<PendingPush>>(() =>
            {
                Row[] due =
                [
                    .. outbox._rows.Where(row => row.NextAt <= now && row.ClaimedUntil <= now)
                        .OrderBy(row => row.NextAt).ThenBy(row => row.Push.Id).Take(limit),
                ];
                foreach (var row in due)
                {
                    (row.ClaimedBy, row.ClaimedUntil) = (node, until);
                }

                return Array.ConvertAll(due, row => row.Push);
            });

        public Task<long?> NextDueAsync(long now, CancellationToken cancel) =>
            outbox.Read(() => outbox._rows.Where(row => row.NextAt > now).Min(row => row.NextAt));

        public Task ReleaseAsync(long id, CancellationToken cancel) => Settle(id, _ => { });

        public Task SentAsync(long id, CancellationToken cancel) => Settle(id, row => row.NextAt = null, anyway: true);

        public Task RetryAsync(long id, long nextAttemptAt, string reason, CancellationToken cancel) => Settle(id, row =>
        {
            row.NextAt = nextAttemptAt;
            row.Push = row.Push with { Attempts = row.Push.Attempts + 1 };
        });

        public Task DeadAsync(long id, string reason, long at, CancellationToken cancel) => Settle(id, row =>
        {
            row.NextAt = null;
            outbox._dead.Add($"{row.Push.DeliveryId}: {reason}");
        });

        private Task Settle(long id, Action<Row> settle, bool anyway = false) => outbox.Write(() =>
        {
            foreach (var row in outbox._rows.FindAll(row => row.Push.Id == id && (anyway || row.ClaimedBy == node)))
            {
                settle(row);
                (row.ClaimedBy, row.ClaimedUntil) = (null, 0);
            }
        });
    }
}
