using System.Globalization;
using ChatAkka.Client.Requests;
using ChatAkka.Client.Sockets;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Client.Sessions;

/// <summary>Writes what the device has to say. Guarded by its client.</summary>
internal sealed class Outgoing
{
    /// <summary>The <c>ref</c> of what isn't in the outbox: the hello, and heartbeats that ask for an answer.</summary>
    public const string Unqueued = "0";

    private readonly FrameWriter _writer = new();

    public void Hello(Link link, string token, IReadOnlyList<KeyValuePair<string, long>>? cursors)
    {
        _writer.Clear();
        ClientFrameEncoder.Hello(_writer, Unqueued, token, cursors);
        link.Post(_writer.Written);
    }

    public void Heartbeat(Link link, bool isAnswered)
    {
        _writer.Clear();
        ClientFrameEncoder.Heartbeat(_writer, isAnswered ? Unqueued : null);
        link.Post(_writer.Written);
    }

    public void Typing(Link link, string channel)
    {
        _writer.Clear();
        ClientFrameEncoder.Typing(_writer, channel);
        link.Post(_writer.Written);
    }

    /// <summary>False if there is no room for it now.</summary>
    public bool TryMark(Link link, MarkKind kind, string channel, long id)
    {
        if (!link.AskRoom())
        {
            return false;
        }

        _writer.Clear();
        if (kind == MarkKind.Read)
        {
            ClientFrameEncoder.Read(_writer, channel, id);
        }
        else
        {
            ClientFrameEncoder.Delivered(_writer, channel, id);
        }

        link.Post(_writer.Written);
        return true;
    }

    /// <summary>False if the frame would be so large that the server closed the connection.</summary>
    public bool TryRequest(Link link, PendingRequest request)
    {
        _writer.Clear();
        request.Write(_writer, request.Reference.ToString(CultureInfo.InvariantCulture));
        if (_writer.Written.Length > ProtocolLimits.MaxFrameBytes)
        {
            return false;
        }

        link.Post(_writer.Written);
        return true;
    }
}
