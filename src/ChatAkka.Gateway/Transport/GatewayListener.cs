using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.WebSockets.Handshake;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Transport;

/// <summary>One listening socket, which accepts at its own pace and hands on to Kestrel what is for Kestrel.</summary>
/// <remarks>
/// A connection for which the process has no file to spare is cut as soon as it is accepted, before the next one is: its client learns at
/// once that it must come back later. Otherwise the listener would take files until there is none, and whatever else needs one would fail.
/// </remarks>
internal sealed class GatewayListener : IConnectionListener
{
    private const int FirstBytesTimeoutMs = 10_000;
    private const int MaxPassedOn = 1_024;
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ListenerServices _services;
    private readonly SocketConnectionContextFactory _kestrel;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<ConnectionContext> _passedOn = new();
    private readonly SemaphoreSlim _arePassedOn = new(0);
    private readonly Task _accepting;
    private volatile bool _unbound;
    private long? _saidAt;

    /// <param name="socket">Listening.</param>
    public GatewayListener(Socket socket, ListenerServices services)
    {
        (_socket, _services) = (socket, services);
        _log = services.Loggers.CreateLogger<GatewayListener>();
        EndPoint = socket.LocalEndPoint!;
        _kestrel = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), services.Loggers.CreateLogger<SocketConnectionContextFactory>());
        _accepting = AcceptAllAsync();
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        await _arePassedOn.WaitAsync(cancellationToken);
        return _passedOn.TryDequeue(out var connection) ? connection : null;
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (_unbound)
        {
            return;
        }

        _unbound = true;
        _socket.Dispose();
        await _accepting;
        foreach (var arrival in _services.Registry.All<Arrival>())
        {
            arrival.Cut();
        }

        _arePassedOn.Release(); // with nothing: the end
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _kestrel.Dispose();
    }

    /// <summary>Hands a connection on to Kestrel with all its bytes.</summary>
    public void PassOn(Socket socket)
    {
        var connection = _kestrel.Create(socket);
        if (_unbound || _passedOn.Count >= MaxPassedOn)
        {
            // It takes them as fast as it can create an object: so many are never under way.
            connection.Abort();
            _ = connection.DisposeAsync();
            _services.Files.Leave();
            return;
        }

        _passedOn.Enqueue(connection);
        _arePassedOn.Release();
    }

    /// <summary>Serves a connection that begins with an acceptable request for the WebSocket; false, and nothing happened, if it
    /// doesn't.</summary>
    /// <param name="told">What the poller has told of it.</param>
    /// <param name="first">The connection's first bytes, which are still to be read: overwritten with themselves.</param>
    public bool TryServe(SocketFile file, SocketPoller poller, Readiness told, Span<byte> first)
    {
        if (!RequestHead.TryRead(first, out var request, out var length)
            || _services.Acceptor.Value.Answer(request) is not { IsAccepted: true } answer)
        {
            return false;
        }

        // Seen a moment ago, so it is there.
        Native.Receive(file, ref first[0], length, Native.DontWait);
        var transport = new SocketTransport(file, told, poller, _services.Files);
        transport.Write(answer.ToBytes());
        if (transport.FlushAsync() is { IsCompletedSuccessfully: true, Result: true })
        {
            _services.Acceptor.Value.Serve(transport);
        }
        else
        {
            transport.Abort();
            transport.Close();
        }

        return true;
    }

    /// <summary>Closes a connection that never was one.</summary>
    public void Leave(SocketFile file)
    {
        file.Reset();
        _services.Files.Leave();
    }

    private async Task AcceptAllAsync()
    {
        while (!_unbound)
        {
            try
            {
                Meet(await _socket.AcceptAsync());
            }
            catch (Exception e) when (_unbound && e is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Reset while it waited to be accepted; or the system is short of something, and trying again at once would not help.
                GatewayLog.AcceptFailed(_log, e);
                if (e.SocketErrorCode != SocketError.ConnectionReset)
                {
                    await Task.Delay(AcceptAgainAfter, _services.Time);
                }
            }
        }
    }

    private void Meet(Socket socket)
    {
        if (!_services.Files.TryEnter())
        {
            SayOutOfFiles();
            socket.Close(0);
            return;
        }

        if (socket.LocalEndPoint is IPEndPoint)
        {
            socket.NoDelay = _services.Options.Value.NoDelay;
        }

        if (_services.Pollers.Next() is not { } poller)
        {
            PassOn(socket);
            return;
        }

        var file = SocketFile.TakeFrom(socket);
        var deadline = _services.Time.GetTimestamp() + FirstBytesTimeoutMs * _services.Time.TimestampFrequency / 1_000;
        var arrival = new Arrival(file, poller, this, deadline);
        _services.Registry.Add(arrival);
        poller.Add(file, arrival);
    }

    private void SayOutOfFiles()
    {
        if (_saidAt is not { } at || _services.Time.GetElapsedTime(at) >= SayAgainAfter)
        {
            _saidAt = _services.Time.GetTimestamp();
            GatewayLog.OutOfFiles(_log, _services.Files.Open);
        }
    }
}
