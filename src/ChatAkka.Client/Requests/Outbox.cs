namespace ChatAkka.Client.Requests;

/// <summary>
/// The client's requests that aren't answered, over all its connections. Guarded by its client.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>requests are sent in the order of their submission, and again in that order, under the same names, on each new connection;</item>
/// <item>of one line (<see cref="PendingRequest.Line"/>) only one is on its way: a refusal ("come again in so many ms") lets those overtake
/// it that are behind it, and texts of one channel would change places;</item>
/// <item>after a refusal nothing is sent until that time has passed, and then the refused one first;</item>
/// <item>bounded: one more than <paramref name="capacity"/> isn't taken, its caller is told; no more than <paramref name="window"/> are on
/// their way, which also keeps a new connection from meeting the server's rate limit with everything at once.</item>
/// </list>
/// </remarks>
internal sealed class Outbox(int capacity, int window)
{
    private readonly PriorityQueue<PendingRequest, long> _ready = new();
    private readonly Dictionary<long, PendingRequest> _inFlight = [];
    private readonly Dictionary<string, PriorityQueue<PendingRequest, long>?> _lines = []; // with one on its way → those behind it
    private int _behind;
    private long _lastReference;
    private TimeSpan? _resumeAt;

    /// <summary>Somebody waits for an answer.</summary>
    public bool HasOpen => Count > 0;

    /// <summary>When requests may be sent again that the server refused for now; null if none is held back.</summary>
    public TimeSpan? ResumeAt => _resumeAt;

    private int Count => _ready.Count + _behind + _inFlight.Count;

    /// <summary>Takes a request; false if there are too many.</summary>
    public bool TryAdd(PendingRequest request)
    {
        if (Count >= capacity)
        {
            return false;
        }

        request.Reference = ++_lastReference;
        _ready.Enqueue(request, request.Reference);
        return true;
    }

    /// <summary>The next request to send now, which then is on its way; null if there is none.</summary>
    public PendingRequest? Next(TimeSpan now)
    {
        if (_resumeAt > now)
        {
            return null;
        }

        _resumeAt = null;
        while (_inFlight.Count < window && _ready.TryDequeue(out var request, out var reference))
        {
            if (request.IsAbandoned)
            {
                continue;
            }

            if (request.Line is not { } line || _lines.TryAdd(line, null))
            {
                _inFlight.Add(reference, request);
                return request;
            }

            (_lines[line] ??= new()).Enqueue(request, reference);
            _behind++;
        }

        return null;
    }

    /// <summary>An answer came: the request that it belongs to; null if there is none (any more).</summary>
    public PendingRequest? Answered(string? name)
    {
        if (!long.TryParse(name, out var reference) || !_inFlight.Remove(reference, out var request))
        {
            return null;
        }

        Free(request.Line);
        return request;
    }

    /// <summary>A request that was on its way isn't any more.</summary>
    public void Drop(PendingRequest request)
    {
        _inFlight.Remove(request.Reference);
        Free(request.Line);
    }

    /// <summary>The server will take a request later, which was answered with that.</summary>
    public void Refused(PendingRequest request, TimeSpan until)
    {
        _ready.Enqueue(request, request.Reference);
        _resumeAt = _resumeAt > until ? _resumeAt : until;
    }

    /// <summary>The connection is gone: whatever was on its way is due again.</summary>
    public void ConnectionEnded()
    {
        foreach (var (reference, request) in _inFlight)
        {
            _ready.Enqueue(request, reference);
            Free(request.Line);
        }

        _inFlight.Clear();
        _resumeAt = null;
    }

    /// <summary>There will be no answers any more.</summary>
    public void FailAll(ChatException error)
    {
        ConnectionEnded();
        while (_ready.TryDequeue(out var request, out _))
        {
            request.Fail(error);
        }
    }

    private void Free(string? line)
    {
        if (line is null || !_lines.Remove(line, out var behind) || behind is null)
        {
            return;
        }

        _behind -= behind.Count;
        _ready.EnqueueRange(behind.UnorderedItems);
    }
}
