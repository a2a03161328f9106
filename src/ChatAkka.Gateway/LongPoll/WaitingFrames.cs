using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>
/// The frames that wait for a poll, in the order in which they were written. It knows what of them is worth an answer: the bare opening of
/// a session, the <c>ok</c> of the hello and <c>synced</c>, says nothing that its client doesn't know. Not thread-safe.
/// </summary>
internal sealed class WaitingFrames
{
    private static readonly byte[] Synced = Encode();

    private readonly Queue<(byte[] Json, bool IsNews)> _frames = new();
    private int _news;
    private bool _greeted;
    private bool _synced;

    /// <summary>Bytes of all of them.</summary>
    public long Bytes { get; private set; }

    public bool IsEmpty => _frames.Count == 0;

    /// <summary>Something is worth an answer. Before <c>synced</c> nothing is: the opening is answered as a whole.</summary>
    public bool HasNews => _synced && _news > 0;

    /// <summary>Adds a frame, by its JSON.</summary>
    public void Add(byte[] json)
    {
        var isSynced = !_synced && json.AsSpan().SequenceEqual(Synced);
        var isNews = _greeted && !isSynced;
        _frames.Enqueue((json, isNews));
        Bytes += json.Length;
        _news += isNews ? 1 : 0;
        _synced |= isSynced;
        _greeted = true;
    }

    /// <summary>Takes the first, and as many more as come to no more than <paramref name="most"/> bytes with it.</summary>
    public List<byte[]> Take(int most)
    {
        List<byte[]> taken = [];
        long bytes = 0;
        while (_frames.TryPeek(out var next) && (taken.Count == 0 || bytes + next.Json.Length <= most))
        {
            _frames.Dequeue();
            taken.Add(next.Json);
            bytes += next.Json.Length;
            _news -= next.IsNews ? 1 : 0;
        }

        Bytes -= bytes;
        return taken;
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        _frames.Clear();
        (Bytes, _news) = (0, 0);
    }

    private static byte[] Encode()
    {
        var writer = new FrameWriter();
        ServerFrameEncoder.Synced(writer);
        return writer.Written.ToArray();
    }
}
