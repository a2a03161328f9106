using System.Net;
using System.Net.Sockets;

namespace Akka.Remote.Transport.Tcp;

/// <summary>The opening of a link to another node.</summary>
/// <param name="opening">Cancelled when the link is closed before it is open, or its time is up.</param>
internal sealed class TcpDial(
    TcpTransportSettings settings, TlsHandshake? tls, TcpLink link, string host, int port, ILinkHandler handler, CancellationToken opening)
{
    /// <summary>Opens the link and runs it to its end, telling the handler of all that comes of it. Never fails.</summary>
    public async Task RunAsync()
    {
        ByteChannel? channel = null;
        FrameParser? parser = null;
        try
        {
            channel = await OpenAsync().ConfigureAwait(false);
            parser = new FrameParser();
            await GreetAsync(channel, parser).ConfigureAwait(false);
            opening.ThrowIfCancellationRequested();
            if (!link.TryOpen(channel))
                throw new OperationCanceledException("It was closed.");
        }
        catch (Exception e)
        {
            channel?.Dispose();
            parser?.Dispose();
            var sentence = $"No link with {host}:{port}: {e.Message}";
            link.Fail(handler, e switch
            {
                _ when opening.IsCancellationRequested =>
                    new TimeoutException($"No link with {host}:{port} within {settings.ConnectTimeout.TotalSeconds} s.", e),
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new NobodyListensException(sentence, e),
                _ => new IOException(sentence, e),
            });
            return;
        }

        _ = link.RunAsync(handler, parser, tellOpened: true);
    }

    private async Task<ByteChannel> OpenAsync()
    {
        var socket = await ConnectAsync().ConfigureAwait(false);
        try
        {
            TcpSockets.Configure(socket, settings.KeepAliveTime);
            return tls is null
                ? new SocketChannel(socket)
                : new TlsChannel(socket, await tls.AsClientAsync(socket, host.Trim('[', ']'), opening).ConfigureAwait(false));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var addresses = TcpSockets.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, opening).ConfigureAwait(false);
        foreach (var address in addresses[..^1])
        {
            // One that never answers must not use up the time of those after it.
            using var share = new CancellationTokenSource(settings.ConnectTimeout / addresses.Length, settings.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(opening, share.Token);
            try
            {
                return await ConnectAsync(new IPEndPoint(address, port), either.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !opening.IsCancellationRequested)
            {
                // The next one.
            }
        }

        return await ConnectAsync(new IPEndPoint(addresses[^1], port), opening).ConfigureAwait(false);
    }

    private async Task<Socket> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = TcpSockets.Create(address.AddressFamily);
        try
        {
            if (TcpSockets.TryParse(settings.Source ?? "", out var source) && source.AddressFamily == address.AddressFamily)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(ByteChannel channel, FrameParser parser)
    {
        await using var cut = opening.UnsafeRegister(static channel => ((ByteChannel)channel!).Dispose(), channel);
        await Preamble.GreetAsync(channel, parser).ConfigureAwait(false);
    }
}
