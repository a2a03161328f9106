using Akka.Actor;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Associations;

/// <summary>
/// System messages to one incarnation of another node, kept until it has acknowledged them: a watch or a death must not get lost with a
/// link. Guarded by its association.
/// </summary>
internal sealed class SystemOutbox(int capacity)
{
    private readonly Queue<(ulong Number, byte[] Frame, SystemMessage Message)> _unacknowledged = new();
    private ulong _lastNumber;

    public bool IsEmpty => _unacknowledged.Count == 0;

    public bool IsFull => _unacknowledged.Count >= capacity;

    /// <summary>Takes a message in; returns the frame to send.</summary>
    public byte[] Add(SystemEnvelope envelope, SystemMessage message)
    {
        envelope.Number = ++_lastNumber;
        var frame = new Frame { System = envelope }.ToByteArray();
        _unacknowledged.Enqueue((envelope.Number, frame, message));
        return frame;
    }

    public void Acknowledged(ulong upTo)
    {
        while (_unacknowledged.TryPeek(out var first) && first.Number <= upTo)
            _unacknowledged.Dequeue();
    }

    /// <summary>What has to be sent again over a new link, in order.</summary>
    public IEnumerable<byte[]> Frames() => _unacknowledged.Select(static entry => entry.Frame);

    /// <summary>Nobody will acknowledge these any more: their counterpart is dead. Numbering begins anew.</summary>
    public List<SystemMessage> TakeAll()
    {
        var all = _unacknowledged.Select(static entry => entry.Message).ToList();
        _unacknowledged.Clear();
        _lastNumber = 0;
        return all;
    }
}
