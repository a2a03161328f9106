using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>What one socket received. A frame is taken once, by the first who asked for such a one; the record of all of them
/// stays.</summary>
internal sealed class Inbox
{
    private readonly Lock _lock = new();
    private readonly List<Frame> _all = [];
    private readonly LinkedList<Frame> _untaken = new();
    private readonly List<(Func<Frame, bool> Wants, TaskCompletionSource<Frame> Taker)> _takers = [];
    private readonly TaskCompletionSource<Closing> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<Frame> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task<Closing> Closed => _closed.Task;

    public void Add(Frame frame)
    {
        TaskCompletionSource<Frame>? taker = null;
        lock (_lock)
        {
            _all.Add(frame);
            var index = _takers.FindIndex(t => t.Wants(frame));
            if (index >= 0)
            {
                taker = _takers[index].Taker;
                _takers.RemoveAt(index);
            }
            else
            {
                _untaken.AddLast(frame);
            }
        }

        taker?.SetResult(frame);
    }

    public void Close(Closing closing)
    {
        List<TaskCompletionSource<Frame>> takers;
        lock (_lock)
        {
            takers = [.. _takers.Select(t => t.Taker)];
            _takers.Clear();
            _closed.TrySetResult(closing);
        }

        takers.ForEach(t => t.SetException(Lost(closing)));
    }

    public async Task<Frame> TakeAsync(string what, Func<Frame, bool> wants, TimeSpan? limit)
    {
        try
        {
            return await Wait.ForAsync(what, Take(wants), limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} Received last: {string.Join("\n  ", All.TakeLast(5))}", e);
        }
    }

    private Task<Frame> Take(Func<Frame, bool> wants)
    {
        lock (_lock)
        {
            for (var node = _untaken.First; node is not null; node = node.Next)
            {
                if (wants(node.Value))
                {
                    _untaken.Remove(node);
                    return Task.FromResult(node.Value);
                }
            }

            if (_closed.Task.IsCompletedSuccessfully)
            {
                return Task.FromException<Frame>(Lost(_closed.Task.Result));
            }

            var taker = new TaskCompletionSource<Frame>(TaskCreationOptions.RunContinuationsAsynchronously);
            _takers.Add((wants, taker));
            return taker.Task;
        }
    }

    private static ConnectionLostException Lost(Closing closing) => new(closing);
}

/// <summary>The connection ended while something was awaited from it.</summary>
internal sealed class ConnectionLostException(Closing closing) : Exception($"the connection ended with {closing.Code} {closing.Reason}")
{
    public Closing Closing { get; } = closing;
}
