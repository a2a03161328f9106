using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// What a device has told the server with <c>delivered</c>, and how much of that the server can be held to. Guarded by its client.
/// </summary>
/// <remarks>
/// A <c>delivered</c> isn't answered: one may be lost with its connection. It can't be lost when it was sent after <c>synced</c>, the
/// connection then ended with an answered close frame, and the next one opens in the same life of the server. Then the cursor is a floor:
/// nothing below it may come again.
/// </remarks>
internal sealed class DeliveredCursors
{
    private readonly Dictionary<ChannelLog, long> _said = []; // on this connection, since synced
    private Dictionary<ChannelLog, long> _floors = [];
    private int? _lifeAtGoodBye;

    /// <summary>The id that the server must not go below on the next connection; 0 when it is free to.</summary>
    /// <param name="life">The server's life.</param>
    public long Floor(ChannelLog log, int? life) => life is not null && life == _lifeAtGoodBye ? _floors.GetValueOrDefault(log) : 0;

    /// <summary>A connection opens: the floors have served, and nothing is said on it yet.</summary>
    public void Open()
    {
        _floors = [];
        _said.Clear();
    }

    /// <summary>There is something to say about this log.</summary>
    public bool IsNews(ChannelLog log) => log.Contiguous > _said.GetValueOrDefault(log);

    /// <summary>It was said, after <c>synced</c>.</summary>
    public void Said(ChannelLog log) => _said[log] = log.Contiguous;

    /// <summary>We are sending a close frame.</summary>
    /// <param name="life">The server's life now: its answer may be on the wire when the server is gone already.</param>
    public void SayGoodBye(int? life) => _lifeAtGoodBye = life;

    /// <summary>The server has answered it.</summary>
    public void GoodByeAnswered() => _floors = new(_said);
}
