using System.Net;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Server;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>The built server as a child process, started once for a test class, on a fresh data directory.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private readonly NodeHost _host;

    public RealServer() => _host = new NodeHost(new ClusterSettings(ServerLocation.Find(null)) { IntegratorKey = Tokens.Key });

    internal IntegratorTokens Tokens { get; } = IntegratorTokens.WithNewKey(TimeProvider.System);

    public Task InitializeAsync() => _host.StartAsync(CancellationToken.None);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>The running server for one test: it is neither started nor ended by it, but may be killed and started again.</summary>
    internal IServerHost Borrow() => new Borrowed(_host);

    private sealed class Borrowed(NodeHost host) : IServerHost
    {
        private bool _killed;

        public IPEndPoint Address => host.Address;

        public Action<string>? Died
        {
            get => host.Died;
            set => host.Died = value;
        }

        public IReadOnlyList<string> TakeTroubles() => host.TakeTroubles();

        public async Task StartAsync(CancellationToken cancel)
        {
            if (_killed)
            {
                await host.StartAsync(cancel);
            }
        }

        public async Task KillAsync()
        {
            _killed = true;
            await host.KillAsync();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
