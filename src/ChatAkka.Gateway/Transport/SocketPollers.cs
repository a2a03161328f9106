using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Transport;

/// <summary>The node's pollers: one thread for four processors, because the actors behind the sockets need the others.</summary>
internal sealed class SocketPollers(ILogger<SocketPoller> log) : IDisposable
{
    private readonly SocketPoller[] _pollers = Native.IsSupported
        ? [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 4)).Select(_ => new SocketPoller(log))]
        : [];

    private uint _last;

    /// <summary>The poller for a new connection; null where there is none.</summary>
    public SocketPoller? Next() => _pollers.Length == 0 ? null : _pollers[Interlocked.Increment(ref _last) % (uint)_pollers.Length];

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_pollers, poller => poller.Dispose());
}
