using ChatAkka.Client.Events;
using ChatAkka.Client.Requests;

namespace ChatAkka.Client.Timelines;

/// <summary>
/// How far the program has got: it is done with an event when it asks for the next one. Guarded by its client.
/// </summary>
/// <param name="isAutomatic">Being done with an event means that the device has it; otherwise the program says so itself.</param>
internal sealed class Progress(ChannelTimelines timelines, Marks marks, bool isAutomatic)
{
    private const int MarkEvery = 100;

    private ChannelEvent? _taken;
    private int _unmarked;
    private bool _isUrgent;

    /// <summary>It is time to tell the server, though more waits for the program.</summary>
    public bool IsMarkDue => _isUrgent || _unmarked >= MarkEvery;

    /// <summary>The program takes an event.</summary>
    public void Taking(ChatEvent e) => _taken = e as ChannelEvent;

    /// <summary>The program wants the next event.</summary>
    public void Done()
    {
        if (_taken is { } taken && isAutomatic)
        {
            _unmarked++;
            timelines.Settle(taken.Channel, taken.Id);
            marks.Raise(MarkKind.Delivered, taken.Channel, taken.Id);
        }

        _taken = null;
    }

    /// <summary>The program itself says something, which doesn't wait until it has taken what there is.</summary>
    public void Say(MarkKind kind, string channel, long id)
    {
        _isUrgent = true;
        if (kind == MarkKind.Delivered)
        {
            timelines.Settle(channel, id);
        }

        marks.Raise(kind, channel, id);
    }

    /// <summary>The server was told.</summary>
    public void Marked() => (_unmarked, _isUrgent) = (0, false);
}
