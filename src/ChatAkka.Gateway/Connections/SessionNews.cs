using System.Security.Cryptography;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>Writes what a session is told without having asked. Part of a connection's actor: only that calls it.</summary>
/// <remarks>
/// To a client that doesn't read, what passes is not written: of typing nothing, of receipts and presence only what they come to in the end
/// (<see cref="Backlog"/>). Events are written whatever happens, up to the limit at which the socket is closed.
/// </remarks>
internal sealed class SessionNews(SocketWriter writer, UserId reader)
{
    private const int MaxReconnectMs = 2_000;

    private Backlog? _backlog;

    /// <summary>What the device missed in one channel.</summary>
    public void Sync(SyncChannel sync)
    {
        var encoder = SocketWriter.Encoder;
        SyncFrame.Write(encoder, sync, reader);
        writer.Send(encoder);
    }

    /// <summary>The device has everything.</summary>
    public void Synced()
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.Synced(encoder);
        writer.Send(encoder);
        writer.IsSyncing = false;
    }

    public void Appeared(ChannelView view)
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.ChannelAppeared(encoder, view.ToWire(reader));
        writer.Send(encoder);
    }

    public void Disappeared(ChannelId channel)
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.ChannelDisappeared(encoder, channel.Value);
        writer.Send(encoder);
    }

    public void Receipts(ReceiptChanges receipts)
    {
        if (writer.IsFlushing)
        {
            (_backlog ??= new Backlog()).Add(receipts);
        }
        else
        {
            writer.WriteShared(ReceiptFrames.Of(receipts, SocketWriter.Encoder));
        }
    }

    // Typing is over by the time that a client reads again which doesn't read now.
    public void Typing(TypingNotice typing)
    {
        if (!writer.IsFlushing)
        {
            var encoder = SocketWriter.Encoder;
            ServerFrameEncoder.Typing(encoder, typing.Channel.Value, typing.By.Value);
            writer.Send(encoder);
        }
    }

    public void Presence(IEnumerable<PresenceState> states)
    {
        foreach (var state in states)
        {
            if (writer.IsFlushing)
            {
                (_backlog ??= new Backlog()).Add(state);
            }
            else
            {
                var encoder = SocketWriter.Encoder;
                ServerFrameEncoder.Presence(encoder, state.ToWire());
                writer.Send(encoder);
            }
        }
    }

    /// <summary>The node is going away; the close frame follows. Each client is given a moment of its own at which to come back.</summary>
    public void GoingAway()
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.Reconnect(encoder, RandomNumberGenerator.GetInt32(MaxReconnectMs + 1));
        writer.Send(encoder);
    }

    /// <summary>The client reads again.</summary>
    public void CatchUp()
    {
        if (_backlog is { } backlog && !writer.IsFlushing)
        {
            _backlog = null;
            Presence(backlog.Presence);
            foreach (var receipts in backlog.Receipts)
            {
                Receipts(receipts);
            }
        }
    }
}
