namespace ChatAkka.Replay.Judging;

/// <summary>
/// One text that a device sends: submitted once, repeated until it is acknowledged, always with the same client id.
/// Its device changes it, under that device's lock; the judge reads it when everything is over.
/// </summary>
internal sealed class Send(string device, string user, string clientId, string text)
{
    private readonly TaskCompletionSource<long> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<long> _repeatedIds = [];

    /// <summary>The device that sends it.</summary>
    public string Device => device;

    /// <summary>The user id of that device.</summary>
    public string User => user;

    /// <summary>Unique per device; with it a repeated send creates nothing.</summary>
    public string ClientId => clientId;

    public string Text => text;

    /// <summary>The channel it goes to; null while only <see cref="To"/> is known.</summary>
    public string? Channel { get; set; }

    /// <summary>The user whose direct channel it opens, when there is no channel yet.</summary>
    public string? To { get; init; }

    /// <summary>Its place among the sends of its device, from 1; 0 before it was submitted.</summary>
    public int Order { get; set; }

    /// <summary>When its author wanted it sent, connected or not (Stopwatch ticks).</summary>
    public long TriedAt { get; set; }

    /// <summary>When it was first given to a client that was connected (Stopwatch ticks); 0 before.</summary>
    public long SentAt { get; set; }

    public long AcknowledgedAt { get; private set; }

    /// <summary>The id that its <c>ok</c> gave; 0 while unacknowledged.</summary>
    public long Id { get; private set; }

    public long N { get; private set; }

    /// <summary>The ids given to repeats after the acknowledgement.</summary>
    public IReadOnlyList<long> RepeatedIds => _repeatedIds;

    public bool IsAcknowledged => Id != 0;

    /// <summary>Completes with the id.</summary>
    public Task<long> Acknowledged => _acknowledged.Task;

    /// <summary>Takes an <c>ok</c>: the first one acknowledges, every other is a repeat's and must say the same.</summary>
    /// <returns>True for the first.</returns>
    public bool Acknowledge(string channel, long id, long n, long now)
    {
        if (IsAcknowledged)
        {
            _repeatedIds.Add(id);
            return false;
        }

        (Channel, Id, N, AcknowledgedAt) = (channel, id, n, now);
        _acknowledged.TrySetResult(id);
        return true;
    }

    public override string ToString() => $"send {clientId} of {device} '{TimelineEvent.Shorten(text)}'";
}
