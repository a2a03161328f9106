using ChatAkka.Client.Events;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Timelines;

/// <summary>All channels' timelines, and whether it is time to connect again for what is missing in them. Guarded by its client.</summary>
internal sealed class ChannelTimelines
{
    private readonly EventBuffer _buffer;
    private readonly TimeSpan _patience;
    private readonly Action<ChatEvent> _show;
    private readonly Dictionary<string, ChannelTimeline> _timelines = [];
    private readonly HashSet<ChannelTimeline> _incomplete = [];
    private readonly Dictionary<ChannelTimeline, TimeSpan> _holding = [];
    private int _repairing;

    /// <param name="patience">How long an own message waits for what lies below it.</param>
    public ChannelTimelines(EventBuffer buffer, TimeSpan patience) => (_buffer, _patience, _show) = (buffer, patience, Show);

    /// <summary>Gaps that a connection was opened for, and filled.</summary>
    public long GapsRepaired { get; private set; }

    /// <summary>Events that were shown so far; grows while there is progress.</summary>
    public long Shown { get; private set; }

    /// <summary>When the first own message will have waited long enough; null if none waits.</summary>
    public TimeSpan? PatienceEndsAt => _holding.Count == 0 ? null : _holding.Values.Min() + _patience;

    /// <summary>For each channel the highest id that the program is done with.</summary>
    public IEnumerable<KeyValuePair<string, long>> Cursors =>
        _timelines.Values.Where(t => t.Settled != ChannelTimeline.Unknown).Select(t => KeyValuePair.Create(t.Id, t.Settled));

    /// <summary>The device has everything of a channel up to an id.</summary>
    public void Begin(string channel, long id) => Of(channel).Begin(id);

    public void TakeEvent(string channel, TimelineEvent e, string user)
    {
        var timeline = Of(channel);
        if (_buffer.IsOverfull)
        {
            timeline.Leave();
        }
        else
        {
            timeline.Take(ChannelEventReader.Read(channel, e, user), _show);
        }

        Note(timeline, default);
    }

    /// <summary>The answer to a send of this device.</summary>
    /// <param name="isRepeat">An earlier attempt had stored it.</param>
    public void TakeOwn(MessageReceived own, bool isRepeat, TimeSpan now)
    {
        var timeline = Of(own.Channel);
        if (_buffer.IsOverfull)
        {
            timeline.Leave();
        }
        else
        {
            timeline.TakeOwn(own, isRepeat, _show);
        }

        Note(timeline, now);
    }

    public void TakeSync(SyncServerFrame sync, string user)
    {
        var channel = sync.Channel.Id;
        var timeline = Of(channel);
        if (_buffer.IsOverfull)
        {
            timeline.Leave();
        }
        else
        {
            var head = sync.More ? sync.Channel.Head : 0;
            timeline.TakeSync(sync.Events.Select(e => ChannelEventReader.Read(channel, e, user)), head, _show);
        }

        Note(timeline, default);
    }

    /// <summary>The user has read up to an id; true if that is news.</summary>
    public bool TakeRead(string channel, long id) => Of(channel).TakeRead(id);

    /// <summary>The highest id that is known to be in a channel; 0 if none is.</summary>
    public long Known(string channel) => _timelines.TryGetValue(channel, out var timeline) ? timeline.Known : 0;

    /// <summary>An event that the answer to a request names, and that may come later.</summary>
    public void TakeAnswer(string channel, long id) => Of(channel).TakeAnswer(id);

    public void Joined(string channel) => Of(channel).Joined();

    /// <summary>The user isn't a member any more. Nothing of the channel is missing then.</summary>
    public void Left(string channel)
    {
        if (_timelines.Remove(channel, out var timeline))
        {
            _incomplete.Remove(timeline);
            _holding.Remove(timeline);
        }
    }

    /// <summary>The program is done with everything of a channel up to an id.</summary>
    public void Settle(string channel, long id)
    {
        if (_timelines.TryGetValue(channel, out var timeline))
        {
            timeline.Settle(id);
        }
    }

    /// <summary>
    /// Whether the connection is to be opened again now. A channel is worth it when the program has taken what it has of it: the server
    /// sends only so many events from there on, and would send the same again.
    /// </summary>
    public bool IsRepairDue(TimeSpan now)
    {
        foreach (var (timeline, since) in _holding)
        {
            if (now - since >= _patience)
            {
                timeline.Leave();
                _incomplete.Add(timeline);
                _holding.Remove(timeline);
            }
        }

        return _incomplete.Count > 0 && !_buffer.IsFull && _incomplete.Any(t => t.IsSettled);
    }

    /// <summary>A new connection opens, from <see cref="Cursors"/> on.</summary>
    public void BeginConnection()
    {
        _repairing = _incomplete.Count(t => t.Seen != ChannelTimeline.Unknown && t.IsSettled);
        foreach (var timeline in _timelines.Values)
        {
            timeline.BeginConnection();
        }

        _incomplete.Clear();
        _holding.Clear();
    }

    /// <summary>The connection has brought what it had.</summary>
    public void Synced()
    {
        GapsRepaired += _repairing;
        _repairing = 0;
    }

    private ChannelTimeline Of(string channel)
    {
        if (!_timelines.TryGetValue(channel, out var timeline))
        {
            _timelines[channel] = timeline = new ChannelTimeline(channel, _buffer.Offer);
        }

        return timeline;
    }

    private void Note(ChannelTimeline timeline, TimeSpan now)
    {
        if (timeline.IsIncomplete)
        {
            _incomplete.Add(timeline);
        }
        else if (_incomplete.Count > 0)
        {
            _incomplete.Remove(timeline);
        }

        if (!timeline.IsHolding)
        {
            if (_holding.Count > 0)
            {
                _holding.Remove(timeline);
            }
        }
        else
        {
            _holding.TryAdd(timeline, now);
        }
    }

    private void Show(ChatEvent e)
    {
        Shown++;
        _buffer.Add(e);
    }
}
