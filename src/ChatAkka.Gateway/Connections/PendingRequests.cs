using System.Numerics;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>A request that went to a channel and waits for its answer.</summary>
/// <param name="At">Timestamp of when it went.</param>
internal readonly record struct PendingRequest(ClientFrame Frame, ChannelId Channel, long At);

/// <summary>
/// The requests of one socket that wait for an answer, by the number that the connection gave them. Numbers ascend and few are open at
/// once, so they live in a ring; it grows with the widest span of open numbers, which the read loop's own bound limits.
/// </summary>
internal sealed class PendingRequests
{
    private PendingRequest[] _ring = new PendingRequest[4];
    private long _oldest;
    private long _next;

    public int Count { get; private set; }

    /// <summary>Adds a request and gives it its number.</summary>
    public long Add(in PendingRequest request)
    {
        SkipAnswered();
        if (_next - _oldest == _ring.Length)
        {
            Grow();
        }

        _ring[Slot(_next)] = request;
        Count++;
        return _next++;
    }

    /// <summary>False if it was answered or given up before.</summary>
    public bool TryTake(long number, out PendingRequest request)
    {
        request = default;
        if (number < _oldest || number >= _next || _ring[Slot(number)].Frame is null)
        {
            return false;
        }

        request = _ring[Slot(number)];
        _ring[Slot(number)] = default;
        Count--;
        return true;
    }

    /// <summary>Looks at a request without taking it.</summary>
    public bool TryPeek(long number, out PendingRequest request)
    {
        var open = number >= _oldest && number < _next && _ring[Slot(number)].Frame is not null;
        request = open ? _ring[Slot(number)] : default;
        return open;
    }

    /// <summary>Takes the oldest open send of this text to this channel.</summary>
    public bool TryTakeSend(ChannelId channel, string clientId, out PendingRequest request)
    {
        for (var number = _oldest; number < _next && Count > 0; number++)
        {
            ref var entry = ref _ring[Slot(number)];
            if (entry.Frame is SendFrame send && send.ClientId == clientId && entry.Channel == channel)
            {
                return TryTake(number, out request);
            }
        }

        request = default;
        return false;
    }

    /// <summary>Takes a request that went before the given time.</summary>
    public bool TryTakeOlder(long before, out PendingRequest request)
    {
        SkipAnswered();
        request = default;
        return Count > 0 && _ring[Slot(_oldest)].At < before && TryTake(_oldest, out request);
    }

    private void SkipAnswered()
    {
        while (_oldest < _next && _ring[Slot(_oldest)].Frame is null)
        {
            _oldest++;
        }
    }

    private int Slot(long number) => (int)(number & (_ring.Length - 1));

    private void Grow()
    {
        var larger = new PendingRequest[BitOperations.RoundUpToPowerOf2((uint)_ring.Length + 1)];
        for (var number = _oldest; number < _next; number++)
        {
            larger[number & (larger.Length - 1)] = _ring[Slot(number)];
        }

        _ring = larger;
    }
}
