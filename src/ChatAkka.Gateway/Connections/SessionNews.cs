using System.Collections.Immutable;
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
/// <para>
/// A mutable struct, because every connection has one: keep it in a field, pass it by reference.
/// </para>
/// </remarks>
/// <param name="writer">To the socket.</param>
/// <param name="reader">Whose it is.</param>
/// <param name="isClustered">What it is told may come from other nodes.</param>
internal struct SessionNews(SocketWriter writer, UserId reader, bool isClustered)
{
    private const int MaxReconnectMs = 2_000;

    private Backlog? _backlog;
    private ReceiptGuard? _told;

    /// <summary>What the device missed in one channel.</summary>
    /// <param name="link">Remembers what is written.</param>
    public readonly void Sync(SyncChannel sync, ref SessionLink link)
    {
        link.Write(sync);
        var encoder = SocketWriter.Encoder;
        SyncFrame.Write(encoder, sync, reader);
        writer.Send(encoder);
    }

    /// <summary>The device has everything.</summary>
    public readonly void Synced()
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.Synced(encoder);
        writer.Send(encoder);
        writer.IsSyncing = false;
    }

    /// <summary>Writes a delivery's events, except those that the socket has and those that an <c>ok</c> of it stands for.</summary>
    /// <param name="link">Remembers what is written.</param>
    /// <param name="requests">The session's; null if it has made none.</param>
    public readonly void Deliver(Delivery delivery, ref SessionLink link, SessionRequests? requests)
    {
        if (link.Write(delivery) is { } news)
        {
            Write(news, requests);
        }
    }

    /// <summary>Whatever else the user's actor says.</summary>
    /// <param name="link">Remembers what is written.</param>
    public void Tell(ISessionMessage message, ref SessionLink link)
    {
        switch (message)
        {
            case ReceiptChanges receipts:
                Receipts(receipts);
                break;
            case TypingNotice typing:
                Typing(typing);
                break;
            case ChannelAppeared appeared:
                link.Write(appeared, reader);
                Appeared(appeared.View);
                break;
            case ChannelDisappeared disappeared:
                link.Write(disappeared);
                Disappeared(disappeared.Channel);
                break;
            default:
                link.Note(message);
                break;
        }
    }

    private readonly void Write(Delivery delivery, SessionRequests? requests)
    {
        var frames = DeliveryFrames.Of(delivery, SocketWriter.Encoder);
        var events = delivery.Events;
        if (events.Length > 1 && !AnyFromReader(events))
        {
            writer.WriteShared(frames.All);
            return;
        }

        for (var i = 0; i < events.Length; i++)
        {
            if (events[i] is not MessagePosted message || message.From != reader)
            {
                writer.WriteShared(frames.One(i));
            }
            else if (requests is null || !requests.StandsForOk(delivery.Channel, message))
            {
                writer.Write(DeliveryFrames.Encode(delivery.Channel, message, reader, SocketWriter.Encoder));
            }
        }
    }

    private readonly void Appeared(MemberView view)
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.ChannelAppeared(encoder, view.ToWire());
        writer.Send(encoder);
    }

    private readonly void Disappeared(ChannelId channel)
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.ChannelDisappeared(encoder, channel.Value);
        writer.Send(encoder);
    }

    private void Receipts(ReceiptChanges receipts)
    {
        if (isClustered)
        {
            if ((_told ??= new ReceiptGuard()).NewsOf(receipts) is not { } news)
            {
                return;
            }

            receipts = news;
        }

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
    private readonly void Typing(TypingNotice typing)
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
    /// <param name="servers">Where it may go.</param>
    public readonly void GoingAway(IReadOnlyList<ServerAddress> servers)
    {
        var encoder = SocketWriter.Encoder;
        ServerFrameEncoder.Reconnect(encoder, RandomNumberGenerator.GetInt32(MaxReconnectMs + 1), servers);
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

    private readonly bool AnyFromReader(ImmutableArray<ChannelEvent> events)
    {
        foreach (var e in events)
        {
            if (e.From == reader)
            {
                return true;
            }
        }

        return false;
    }
}
