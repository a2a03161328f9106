using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness;

/// <summary>
/// What every test here proves besides its name: each client saw everything in order, what the server said is what the
/// documents say, and its log holds no error and no secret.
/// </summary>
public abstract class EndToEndTest : IAsyncLifetime
{
    private static int _people;

    private readonly List<IChatClient> _clients = [];
    private readonly List<ServerProcess> _ownServers = [];
    private readonly ServerProcess? _shared;

    private protected EndToEndTest()
    {
    }

    private protected EndToEndTest(ServerFixture fixture) => _shared = fixture.Server;

    /// <summary>The class's server, or the first one that the test started.</summary>
    private protected ServerProcess Server => _shared ?? _ownServers[0];

    private protected bool HasServer => _shared is not null || _ownServers.Count > 0;

    private protected Api Api => Server.Api;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        List<Exception> failures = [];
        foreach (var client in _clients)
        {
            Try(client.ShouldHaveSeenEverythingInOrder);
            Try(client.ShouldHaveReceivedWhatIsDocumented);
            await client.DisposeAsync();
        }

        if (_shared is not null)
        {
            Try(_shared.ShouldBeWell);
        }

        foreach (var server in _ownServers)
        {
            Try(server.ShouldBeWell);
            await server.DisposeAsync();
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }

        void Try(Action check)
        {
            try
            {
                check();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }
    }

    /// <summary>A server of this test alone.</summary>
    private protected async Task<ServerProcess> StartServerAsync(ServerSettings settings)
    {
        var server = await ServerProcess.StartAsync(settings);
        _ownServers.Add(server);
        return server;
    }

    /// <summary>A user whom nobody has seen before.</summary>
    private protected async Task<Person> MeetAsync(string name)
    {
        var subject = $"{name}-{Interlocked.Increment(ref _people)}";
        var token = Tokens.Mint(Server.IntegratorKey, subject, "phone");
        var me = (await Api.GetAsync("/v1/users/me", token)).ShouldBe(System.Net.HttpStatusCode.OK).Json;
        return new Person(me.String("user_id"), subject, "phone", token);
    }

    private protected async Task<Person[]> MeetAsync(params string[] names)
    {
        var people = new Person[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            people[i] = await MeetAsync(names[i]);
        }

        return people;
    }

    /// <summary>The same user at another device.</summary>
    private protected Person At(Person person, string device) =>
        person with { Device = device, Token = Tokens.Mint(Server.IntegratorKey, person.Subject, device) };

    private protected Task<ChatClient> ConnectAsync(Person person, IReadOnlyDictionary<string, string>? cursors = null) =>
        ConnectAsync(person.Token, cursors);

    private protected async Task<ChatClient> ConnectAsync(string token, IReadOnlyDictionary<string, string>? cursors = null)
    {
        var client = await ChatClient.ConnectAsync(Server, token, cursors);
        _clients.Add(client);
        return client;
    }

    /// <summary>A session by long poll.</summary>
    private protected async Task<LongPollClient> PollAsync(string token)
    {
        var client = await LongPollClient.ConnectAsync(Server, token);
        _clients.Add(client);
        return client;
    }

    /// <summary>A WebSocket without a session.</summary>
    private protected async Task<ChatClient> OpenAsync()
    {
        var client = await ChatClient.OpenAsync(Server);
        _clients.Add(client);
        return client;
    }
}
