using System.Net;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Server;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>The built server as a child process, started once for a test class, on a fresh data directory.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private readonly DirectoryInfo _storage = Directory.CreateTempSubdirectory("chatakka-replay-test-");
    private readonly ServerProcess _process;

    public RealServer() =>
        _process = new ServerProcess(new ServerLaunch(ServerLocation.Find(null), _storage.FullName, Tokens.Key), TimeProvider.System);

    internal IntegratorTokens Tokens { get; } = IntegratorTokens.WithNewKey(TimeProvider.System);

    public Task InitializeAsync() => _process.StartAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        _storage.Delete(recursive: true);
    }

    /// <summary>The running server for one test: it is neither started nor ended by it, but may be killed and started again.</summary>
    internal IServerHost Borrow() => new Borrowed(_process);

    private sealed class Borrowed(ServerProcess process) : IServerHost
    {
        private bool _killed;

        public IPEndPoint Address => process.Address;

        public Action<string>? Died
        {
            get => process.Died;
            set => process.Died = value;
        }

        public async Task StartAsync(CancellationToken cancel)
        {
            if (_killed)
            {
                await process.StartAsync(cancel);
            }
        }

        public async Task KillAsync()
        {
            _killed = true;
            await process.KillAsync();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
