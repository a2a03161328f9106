using System.Collections.Concurrent;

namespace ChatAkka.Replay.Waiting;

/// <summary>Something awaited didn't come. The message names what.</summary>
internal sealed class WaitFailedException(string message) : Exception(message);

/// <summary>
/// Every wait of a run goes through here, with a name. When nothing moves for too long, the time is up, or a fault is reported, all of
/// them end with the reason and the names of those that were waiting: a run can fail, but not hang. Thread-safe.
/// </summary>
internal sealed class Waits : IDisposable
{
    private const int Named = 5;

    private readonly ConcurrentDictionary<long, Func<string>> _waiting = new();
    private readonly CancellationTokenSource _ended;
    private readonly CancellationToken _stop;
    private readonly TimeProvider _time;
    private readonly TimeSpan _stall;
    private readonly ITimer _timer;
    private readonly long _started;
    private readonly TimeSpan _limit;
    private long _moves;
    private long _movesSeen;
    private long _movedAt;
    private long _numbers;
    private string? _reason;

    /// <param name="limit">How long the whole may take.</param>
    /// <param name="stall">How long nothing may move.</param>
    /// <param name="stop">The person at the keyboard.</param>
    public Waits(TimeSpan limit, TimeSpan stall, TimeProvider time, CancellationToken stop)
    {
        (_limit, _stall, _time, _stop) = (limit, stall, time, stop);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _started = _movedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));
    }

    /// <summary>Cancelled when the run is over before its time.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why it is over; null while it isn't.</summary>
    public string? Reason => _reason;

    /// <summary>Something moved: an acknowledgement, a delivery, a connection.</summary>
    public void Moved() => Interlocked.Increment(ref _moves);

    /// <summary>Ends the run; the first reason counts.</summary>
    public void Fail(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            var names = _waiting.OrderBy(w => w.Key).Take(Named).Select(w => w.Value()).ToArray();
            if (names.Length > 0)
            {
                var others = _waiting.Count - names.Length;
                _reason = $"{reason}; waiting for {string.Join("; ", names)}{(others > 0 ? $"; and {others} more" : "")}";
            }

            _ended.Cancel();
        }
    }

    /// <summary>Waits for a task, under a name.</summary>
    /// <exception cref="WaitFailedException">The run ended first.</exception>
    public async Task<T> For<T>(Task<T> task, Func<string> what)
    {
        await For((Task)task, what).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="For{T}(Task{T}, Func{string})"/>
    public async Task For(Task task, Func<string> what)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        var number = Interlocked.Increment(ref _numbers);
        _waiting[number] = what;
        try
        {
            await task.WaitAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            throw new WaitFailedException(_reason ?? (_stop.IsCancellationRequested ? "interrupted" : "ended"));
        }
        finally
        {
            _waiting.TryRemove(number, out _);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Dispose();
    }

    private void Look()
    {
        var moves = Interlocked.Read(ref _moves);
        if (moves != _movesSeen)
        {
            (_movesSeen, _movedAt) = (moves, _time.GetTimestamp());
        }

        if (_time.GetElapsedTime(_started) > _limit)
        {
            Fail($"not finished within {_limit.TotalSeconds:0} s");
        }
        else if (_time.GetElapsedTime(_movedAt) > _stall)
        {
            Fail($"nothing moved for {_stall.TotalSeconds:0} s");
        }
    }
}
