using System.Net;
using ChatAkka.Gateway.Logging;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatAkka.Gateway.Limits;

/// <summary>
/// Kestrel's sockets, but a connection for which the process has no file to spare is cut as soon as it is accepted, before the next one is:
/// its client learns at once that it must come back later. Left to itself the listener takes files until there is none, and then spins on
/// the error, while whatever else needs one fails.
/// </summary>
/// <remarks>Each accepted connection has entered the budget; <see cref="WebSockets.WebSocketMiddleware"/>, through which all of them go, leaves it.</remarks>
internal sealed class BoundedListenerFactory(
    IOptions<SocketTransportOptions> options, FileBudget files, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private readonly ILogger _log = loggers.CreateLogger<BoundedListenerFactory>();

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), files, time, _log);

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    private sealed class Listener(IConnectionListener inner, FileBudget files, TimeProvider time, ILogger log) : IConnectionListener
    {
        private static readonly TimeSpan SayAgainAfter = TimeSpan.FromMinutes(1);
        private long? _saidAt;

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await inner.AcceptAsync(cancellationToken) is { } connection)
            {
                if (files.TryEnter())
                {
                    return connection;
                }

                Say();
                connection.Abort();
                await connection.DisposeAsync();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private void Say()
        {
            if (_saidAt is not { } at || time.GetElapsedTime(at) >= SayAgainAfter)
            {
                _saidAt = time.GetTimestamp();
                GatewayLog.OutOfFiles(log, files.Open);
            }
        }
    }
}
