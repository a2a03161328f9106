using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>What a device has submitted and not yet seen acknowledged, in order. Guarded by its client.</summary>
internal sealed class Outbox
{
    private readonly List<Send> _unacknowledged = [];
    private Send? _lastAcknowledged;
    private int _submitted;

    public int Unacknowledged => _unacknowledged.Count;

    /// <summary>
    /// What a new connection transmits first: the last acknowledged send, as if its <c>ok</c> had been lost (it must get the same id
    /// again), then everything unacknowledged.
    /// </summary>
    public IEnumerable<Send> ToRepeat => _lastAcknowledged is null ? _unacknowledged : _unacknowledged.Prepend(_lastAcknowledged);

    public void Submit(Send send)
    {
        send.Order = ++_submitted;
        _unacknowledged.Add(send);
    }

    public void Acknowledge(Send send)
    {
        _unacknowledged.Remove(send);
        _lastAcknowledged = send;
    }
}
