namespace ChatAkka.Client.Tests.Support;

/// <summary>A client and a server in memory, on a clock that the test moves.</summary>
public abstract class ClientTest : IAsyncLifetime
{
    private readonly List<ChatClient> _clients = [];

    private protected static Uri Url { get; } = new("ws://a/v1/ws");

    private protected ManualTime Time { get; } = new();

    private protected FakeServer Server { get; } = new();

    private protected ChatClientOptions Options => new() { Token = "token", Url = Url, Time = Time, Random = new Random(1) };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync().AsTask().Within("the client is disposed of");
        }
    }

    private protected ChatClient NewClient(ChatClientOptions? options = null)
    {
        var client = new ChatClient(options ?? Options, Server);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that is connected, with the given syncs.</summary>
    private protected async Task<(ChatClient Client, FakeConnection Connection, Reader Reader)> ConnectAsync(
        ChatClientOptions? options = null, params string[] syncs)
    {
        var client = NewClient(options);
        var connecting = client.ConnectAsync();
        var connection = await Server.WelcomeAsync(syncs);
        await connecting.Within("the client is connected");
        return (client, connection, new Reader(client));
    }
}
