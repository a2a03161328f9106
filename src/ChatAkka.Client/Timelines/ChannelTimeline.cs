using ChatAkka.Client.Events;

namespace ChatAkka.Client.Timelines;

/// <summary>
/// What the client has of one channel, and the rule by which its events become a stream that is in order, dense and without repeats.
/// Guarded by its client.
/// </summary>
/// <remarks>
/// On one connection a channel's events come in the order of their ids. Only the answers to the device's own sends, which stand for their
/// events, may come before lower ones: these are held until what lies below has come. So:
/// <list type="bullet">
/// <item>everything up to <see cref="Seen"/> has been shown, once;</item>
/// <item>an event above <c>Seen + 1</c> that no held one explains means that the rest can't come on this connection: the channel
/// <see cref="IsIncomplete"/>, and the next connection's sync brings everything from <see cref="Settled"/> on;</item>
/// <item>where the device begins, the server says by the first event that it sends; until then <see cref="Seen"/> is
/// <see cref="Unknown"/>.</item>
/// </list>
/// </remarks>
/// <param name="tell">Told what the server does wrong.</param>
internal sealed class ChannelTimeline(string id, Action<ChannelFault> tell)
{
    public const long Unknown = -1;
    private const int MaxHeld = 256;

    private SortedDictionary<long, ChannelEvent>? _held;
    private HashSet<long>? _repeats;
    private long _asked = Unknown;
    private long _skippedTo;
    private long _read;
    private long _answered;
    private bool _mayJump;

    public string Id { get; } = id;

    /// <summary>The highest id that was shown.</summary>
    public long Seen { get; private set; } = Unknown;

    /// <summary>The highest id that the program is done with.</summary>
    public long Settled { get; private set; } = Unknown;

    /// <summary>Something is missing that won't come on this connection.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Own messages wait for what lies below them.</summary>
    public bool IsHolding => _held is { Count: > 0 };

    /// <summary>The program has everything that was shown: a sync from <see cref="Settled"/> on brings what is missing.</summary>
    public bool IsSettled => Settled == Seen;

    /// <summary>The highest id that was shown, or was named in an answer; 0 if there is none.</summary>
    public long Known => Math.Max(Seen, _answered);

    /// <summary>An answer has named an event.</summary>
    public void TakeAnswer(long id) => _answered = Math.Max(_answered, id);

    /// <summary>The user has read up to an id; true if that is news.</summary>
    public bool TakeRead(long id)
    {
        var isNews = id > _read;
        _read = Math.Max(_read, id);
        return isNews;
    }

    /// <summary>The device has everything up to an id.</summary>
    public void Begin(long id) => Seen = Settled = id;

    /// <summary>The user has become a member again: what comes next needn't follow what was seen.</summary>
    public void Joined() => _mayJump = Seen != Unknown;

    /// <summary>The program is done with everything up to an id.</summary>
    public void Settle(long id) => Settled = Math.Max(Settled, Math.Min(id, Seen));

    /// <summary>Takes an event of the connection.</summary>
    public void Take(ChannelEvent e, Action<ChatEvent> show)
    {
        if (Seen == Unknown || (_mayJump && e.Id > Seen))
        {
            if (IsIncomplete)
            {
                return; // the first was left to the next connection, so this one isn't where the device begins
            }

            // Nothing below what is held comes after something above it.
            Begin(Math.Min(e.Id, IsHolding ? _held!.Keys.First() : e.Id) - 1);
            _mayJump = false;
        }

        ShowHeld(show);
        if (e.Id == Seen + 1)
        {
            if (e.Id < _skippedTo)
            {
                Tell(e.Id, ChannelFaultKind.Late);
            }

            Show(e, show);
            ShowHeld(show);
        }
        else if (e.Id > Seen)
        {
            if (!IsIncomplete)
            {
                _skippedTo = e.Id;
                Tell(Seen + 1, ChannelFaultKind.Missing);
            }

            Leave();
        }
        else if (_repeats?.Contains(e.Id) != true)
        {
            Tell(e.Id, ChannelFaultKind.Repeated);
        }
    }

    /// <summary>Takes the answer to a send of this device.</summary>
    /// <param name="isRepeat">An earlier attempt had stored it: if that was another connection's, the event comes, too.</param>
    public void TakeOwn(ChannelEvent e, bool isRepeat, Action<ChatEvent> show)
    {
        if (isRepeat)
        {
            (_repeats ??= []).Add(e.Id);
        }

        if (IsIncomplete || (Seen != Unknown && e.Id <= Seen))
        {
            return;
        }

        if (Seen != Unknown && !_mayJump && e.Id == Seen + 1)
        {
            Show(e, show);
            ShowHeld(show);
        }
        else if (_held?.Count >= MaxHeld)
        {
            Leave();
        }
        else
        {
            (_held ??= [])[e.Id] = e;
        }
    }

    /// <summary>Takes what the device missed.</summary>
    /// <param name="head">The connection's live events follow from here on.</param>
    public void TakeSync(IEnumerable<ChannelEvent> events, long head, Action<ChatEvent> show)
    {
        foreach (var e in events)
        {
            if (Seen == Unknown)
            {
                Begin(e.Id - 1);
            }

            if (e.Id > Seen)
            {
                Show(e, show);
            }
            else if (e.Id <= _asked)
            {
                Tell(e.Id, ChannelFaultKind.Repeated);
            }
        }

        _mayJump = false;
        IsIncomplete = head > Seen;
    }

    /// <summary>What comes on this connection from now on isn't shown: the next one brings it.</summary>
    public void Leave()
    {
        IsIncomplete = true;
        _held = null;
    }

    /// <summary>A new connection opens; its sync brings everything from <see cref="Settled"/> on.</summary>
    public void BeginConnection()
    {
        IsIncomplete = false;
        (_held, _repeats) = (null, null);
        (_asked, _skippedTo) = (Settled, 0);
    }

    private void ShowHeld(Action<ChatEvent> show)
    {
        while (IsHolding && _held!.First() is { Key: var first } next && first <= Seen + 1)
        {
            _held!.Remove(first);
            if (first > Seen)
            {
                Show(next.Value, show);
            }
        }
    }

    private void Tell(long about, ChannelFaultKind kind) => tell(new ChannelFault(Id, about, kind));

    private void Show(ChannelEvent e, Action<ChatEvent> show)
    {
        Seen = e.Id;
        show(e);
    }
}
