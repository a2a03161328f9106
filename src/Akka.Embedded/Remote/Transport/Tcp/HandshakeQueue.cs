namespace Akka.Remote.Transport.Tcp;

/// <summary>The handshakes that are under way at a listener, each of which may be cancelled. Bounded: one too many cancels the
/// oldest.</summary>
internal sealed class HandshakeQueue(int capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CancellationTokenSource> _underWay = [];
    private bool _isClosed;

    /// <param name="handshake">Cancelled at once if the queue is closed.</param>
    public LinkedListNode<CancellationTokenSource> Begin(CancellationTokenSource handshake)
    {
        lock (_gate)
        {
            var place = _underWay.AddLast(handshake);
            if (_isClosed)
                _ = handshake.CancelAsync();
            else if (_underWay.Count > capacity)
                CancelFirst();
            return place;
        }
    }

    /// <summary>False if it was cancelled.</summary>
    public bool End(LinkedListNode<CancellationTokenSource> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
                _underWay.Remove(place);
            return !place.Value.IsCancellationRequested;
        }
    }

    /// <summary>Cancels all, and every one that begins later.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_underWay.Count > 0)
                CancelFirst();
        }
    }

    private void CancelFirst()
    {
        var first = _underWay.First!;
        _underWay.Remove(first);
        _ = first.Value.CancelAsync();
    }
}
