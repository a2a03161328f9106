namespace ChatAkka.Replay.Judging;

/// <summary>
/// How far the members of one channel have got, as one device was told, over all its connections. Both cursors of a member only ever grow:
/// what goes back is noted. Not thread-safe: the owning client guards it.
/// </summary>
internal sealed class ReceiptLog
{
    private readonly Dictionary<string, (long Delivered, long Read)> _cursors = [];
    private readonly List<(long Id, string Detail)> _backward = [];
    private readonly List<(string User, long Id, TaskCompletionSource Reached)> _waiters = [];

    /// <summary>What went back: to which id, and what it was.</summary>
    public IReadOnlyList<(long Id, string Detail)> Backward => _backward;

    /// <summary>The members of whom something was told, and the highest ids that were.</summary>
    public IReadOnlyDictionary<string, (long Delivered, long Read)> Cursors => _cursors;

    /// <summary>A receipt came.</summary>
    /// <param name="delivered">Null if that didn't change.</param>
    /// <param name="read">Null if that didn't change.</param>
    public void Take(string user, long? delivered, long? read)
    {
        var known = _cursors.GetValueOrDefault(user);
        if (delivered < known.Delivered)
        {
            _backward.Add((delivered.Value, $"what user {user} was delivered went back from {known.Delivered}"));
        }

        if (read < known.Read)
        {
            _backward.Add((read.Value, $"what user {user} has read went back from {known.Read}"));
        }

        _cursors[user] = (Math.Max(known.Delivered, delivered ?? 0), Math.Max(known.Read, read ?? 0));
        foreach (var waiter in _waiters.FindAll(w => w.User == user && w.Id <= _cursors[user].Read))
        {
            waiter.Reached.TrySetResult();
            _waiters.Remove(waiter);
        }
    }

    /// <summary>Completes when the device was told that a user has read up to <paramref name="id"/>.</summary>
    public Task ReadAsync(string user, long id)
    {
        if (_cursors.GetValueOrDefault(user).Read >= id)
        {
            return Task.CompletedTask;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((user, id, reached));
        return reached.Task;
    }
}
