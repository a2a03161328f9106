using System.Net;
using System.Net.Sockets;
using Akka.Event;

namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// Accepts links. Whoever connects is a stranger until he has spoken as a node does, and shown his certificate where that is asked for;
/// until then nobody but the log learns of him, and that at most once a minute.
/// </summary>
internal sealed class TcpAcceptor(
    TcpTransportSettings settings, TlsHandshake? tls, Socket listening, Func<ILink, ILinkHandler> accept) : IListener
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly HandshakeQueue _handshakes = new(settings.MaxHandshakes);
    private readonly LimitedLog _strangers = new(settings.Log, settings.Time);
    private readonly LimitedLog _failures = new(settings.Log, settings.Time);
    private readonly CancellationTokenSource _disposed = new();

    // Asked now: a socket that was disposed doesn't know any more.
    public int Port { get; } = ((IPEndPoint)listening.LocalEndPoint!).Port;

    public void Dispose()
    {
        _disposed.Cancel();
        _handshakes.Close();
        listening.Dispose();
    }

    /// <inheritdoc cref="RunAsync(Func{CancellationToken, ValueTask{Socket}})"/>
    public Task RunAsync() => RunAsync(listening.AcceptAsync);

    /// <summary>Accepts until it is disposed.</summary>
    /// <param name="next">The next connection. It may fail: the system has run out of files, or the peer is gone again.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<Socket>> next)
    {
        var pause = MinPause;
        while (!_disposed.IsCancellationRequested)
        {
            try
            {
                _ = AcceptAsync(await next(_disposed.Token).ConfigureAwait(false));
                pause = MinPause;
            }
            catch (Exception e) when (!_disposed.IsCancellationRequested)
            {
                // The connection that could not be accepted still waits: without a pause this would be all that the processor does.
                _failures.Warn($"A link could not be accepted: {e.Message}.");
                await Task.Delay(pause, settings.Time, _disposed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task AcceptAsync(Socket socket)
    {
        using var handshake = new CancellationTokenSource(settings.ConnectTimeout, settings.Time);
        var place = _handshakes.Begin(handshake);
        var parser = new FrameParser();
        var name = "somebody";
        try
        {
            // What follows may be all that the link ever does: the next connection must not wait for it.
            await Task.Yield();
            name = TcpSockets.NameOf(socket.RemoteEndPoint);
            var channel = await ShakeHandsAsync(socket, parser, handshake.Token).ConfigureAwait(false);
            if (_handshakes.End(place))
            {
                Open(channel, parser, name);
                return;
            }
        }
        catch (Exception e)
        {
            var hadTime = _handshakes.End(place);
            if (!_disposed.IsCancellationRequested)
                _strangers.Warn($"The connection of {name} was cut off: {(hadTime ? e.Message : "it took too long to say what it is")}.");
        }

        socket.Dispose();
        parser.Dispose();
    }

    private async Task<ByteChannel> ShakeHandsAsync(Socket socket, FrameParser parser, CancellationToken cancellation)
    {
        TcpSockets.Configure(socket, settings.KeepAliveTime);
        await using var cut = cancellation.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
        ByteChannel channel = tls is null
            ? new SocketChannel(socket)
            : new TlsChannel(socket, await tls.AsServerAsync(socket, cancellation).ConfigureAwait(false));
        await Preamble.AnswerAsync(channel, parser).ConfigureAwait(false);
        return channel;
    }

    private void Open(ByteChannel channel, FrameParser parser, string name)
    {
        var link = new TcpLink(name, settings);
        link.TryOpen(channel);
        try
        {
            _ = link.RunAsync(accept(link), parser, tellOpened: false);
        }
        catch (Exception e)
        {
            settings.Log.Error(e, "The link that {0} has opened was not accepted.", name);
            link.Break();
        }
    }
}
