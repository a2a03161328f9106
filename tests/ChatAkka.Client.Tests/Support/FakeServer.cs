using System.Threading.Channels;
using ChatAkka.Client.Sockets;

namespace ChatAkka.Client.Tests.Support;

/// <summary>A server in memory: a test accepts each connection and plays the server's part.</summary>
internal sealed class FakeServer : IChatConnector
{
    private readonly Channel<FakeConnection> _connections = Channel.CreateUnbounded<FakeConnection>();
    private readonly Lock _lock = new();
    private readonly List<Uri> _attempts = [];

    /// <summary>Nobody can connect.</summary>
    public bool IsDown { get; set; }

    /// <summary>Where clients have tried to connect.</summary>
    public IReadOnlyList<Uri> Attempts
    {
        get
        {
            lock (_lock)
            {
                return [.. _attempts];
            }
        }
    }

    public Task<IChatSocket> ConnectAsync(Uri url, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _attempts.Add(url);
        }

        if (IsDown)
        {
            throw new ChatException(ChatException.Unreachable, "down");
        }

        var connection = new FakeConnection();
        _connections.Writer.TryWrite(connection);
        return Task.FromResult<IChatSocket>(connection);
    }

    /// <summary>The next connection.</summary>
    public Task<FakeConnection> AcceptAsync() => TakeAsync().Within("a connection");

    /// <summary>The next connection, whose hello is answered; nothing was missed.</summary>
    public async Task<FakeConnection> WelcomeAsync(params string[] syncs)
    {
        var connection = await AcceptAsync();
        await connection.WelcomeAsync(syncs);
        return connection;
    }

    /// <summary>The next connection, however long that takes on the clock.</summary>
    public async Task<FakeConnection> WelcomeLaterAsync(ManualTime time, params string[] syncs)
    {
        var connection = await time.AdvanceUntilAsync("a connection", TakeAsync(), TimeSpan.FromMilliseconds(250));
        await connection.WelcomeAsync(syncs);
        return connection;
    }

    public Task<FakeConnection> TakeAsync() => _connections.Reader.ReadAsync().AsTask();
}
