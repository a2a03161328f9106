using ChatAkka.Client.Events;
using ChatAkka.Client.Sockets;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Sessions;

/// <summary>
/// Keeps a session connected: one connection after the other, with pauses after failures, until the client is disposed of or the server
/// says that it needs a person or a new token.
/// </summary>
internal sealed class ConnectionLoop(ChatClientOptions options, IChatConnector connector, ServerList servers, Session session)
{
    private readonly Backoff _backoff = new(options.Backoff, options.Random);

    /// <summary>Runs until there will be no connection any more. Never faults.</summary>
    /// <param name="stop">The client is being disposed of.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            session.Show(new ConnectionChanged(ConnectionState.Connecting));
            while (true)
            {
                var end = await ConnectionAsync(stop).ConfigureAwait(false);
                if (session.IsStopping)
                {
                    break;
                }

                if (!end.ComesBack || end.Error is { Code: "unauthorized" })
                {
                    session.Stop(end.Error ?? Closed(end.Code), end.Code);
                    return;
                }

                if (end.Leaving != Leaving.Repair)
                {
                    servers.Failed();
                }

                if (PauseAfter(end) is { } pause)
                {
                    var waiting = new ConnectionChanged(ConnectionState.Waiting);
                    session.Show(waiting with { CloseCode = end.Code, Error = end.Error, RetryIn = pause });
                    await Task.Delay(pause, options.Time, stop).ConfigureAwait(false);
                    session.Show(new ConnectionChanged(ConnectionState.Connecting));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed of while it wasn't connected.
        }
        catch (Exception e)
        {
            session.Stop(new ChatException(ErrorCodes.Internal.Name, "the client has a fault", e), null);
            return;
        }

        session.Stop(new ChatException(ChatException.Closed, "the client is closed"), null);
    }

    private static ChatException Closed(CloseCode code) =>
        new(CloseCodes.Reason(code), $"the server closed the connection with {(int)code}");

    /// <summary>Null to connect at once: the client itself ended the connection, for a reason, and it was worth it.</summary>
    private TimeSpan? PauseAfter(ConnectionEnd end)
    {
        if (end.Held > TimeSpan.Zero)
        {
            _backoff.Held(end.Held);
        }

        if (end.Leaving != Leaving.None && (end.MadeProgress || end.Held >= options.GapPatience))
        {
            return null;
        }

        var pause = _backoff.Next();
        return end.Error?.RetryAfter > pause ? end.Error.RetryAfter : pause;
    }

    /// <summary>One connection from its start to its end.</summary>
    private async Task<ConnectionEnd> ConnectionAsync(CancellationToken stop)
    {
        Uri server;
        try
        {
            server = await servers.CurrentAsync(stop).ConfigureAwait(false);
        }
        catch (ChatException e)
        {
            return ConnectionEnd.Unreachable(e);
        }

        var cancel = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        IChatSocket socket;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel.Token);
            socket = await connector.ConnectAsync(server, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChatException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            cancel.Dispose();
            return ConnectionEnd.Unreachable(
                e as ChatException ?? new ChatException(ChatException.Unreachable, $"{server} doesn't answer", e));
        }

        using var link = new Link(socket, session.Gate, cancel, options.ConnectTimeout, session.Continue);
        if (!session.Open(link, server))
        {
            return new ConnectionEnd(CloseCode.Normal, null, Leaving.None);
        }

        return session.End(link, await ReadAsync(link).ConfigureAwait(false));
    }

    private async Task<CloseCode?> ReadAsync(Link link)
    {
        try
        {
            while (true)
            {
                while (session.RoomToRead() is { } room)
                {
                    await room.ConfigureAwait(false);
                }

                var message = await link.ReceiveAsync().ConfigureAwait(false);
                if (message.Close is { } code)
                {
                    return code;
                }

                session.Take(message.Text.Span);
            }
        }
        catch (OperationCanceledException)
        {
            return null; // aborted, or waited in vain for the welcome or for the answer to the close frame
        }
    }
}
