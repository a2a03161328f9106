using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// What a device has told the server with <c>delivered</c>, and how much of that the server can be held to. Guarded by its client.
/// </summary>
/// <remarks>
/// A <c>delivered</c> isn't answered: one may be lost with its connection. It can't be lost when it was sent after <c>synced</c>, the
/// connection then ended with an answered close frame, and the server wasn't killed since. Then the cursor is a floor: nothing below it may
/// come again.
/// </remarks>
internal sealed class DeliveredCursors
{
    private readonly Dictionary<ChannelLog, long> _said = []; // on this connection, since synced
    private Dictionary<ChannelLog, long> _floors = [];
    private int _endedAtGoodBye;

    /// <summary>The id that the server must not go below on the next connection; 0 when it is free to.</summary>
    /// <param name="begun">Kills of the server that have begun so far.</param>
    public long Floor(ChannelLog log, int begun) => begun == _endedAtGoodBye ? _floors.GetValueOrDefault(log) : 0;

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

    /// <summary>The connection ended with the server's answer to our close frame.</summary>
    /// <param name="ended">Kills of the server that were over by then.</param>
    public void GoodBye(int ended) => (_floors, _endedAtGoodBye) = (new(_said), ended);
}
