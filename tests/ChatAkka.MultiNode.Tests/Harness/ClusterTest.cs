using System.Diagnostics;
using ChatAkka.Client.Http;
using ChatAkka.Replay.Clients;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Harness;

/// <summary>A test on a cluster. It ends with all nodes running, and without an error in any log.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    private static readonly TimeSpan Offered = TimeSpan.FromSeconds(20);
    private static int _people;

    private readonly ClusterFixture _fixture;
    private readonly List<Guest> _guests = [];

    private protected ClusterTest(ClusterFixture fixture) => _fixture = fixture;

    private protected ClusterOfServers Cluster => _fixture.Cluster;

    private protected PrivatePostgres? Postgres => _fixture.Postgres;

    private protected IReadOnlyList<ServerNode> Nodes => Cluster.All;

    private protected IntegratorTokens Tokens => new(Convert.FromBase64String(Cluster.IntegratorKey), TimeProvider.System);

    public virtual async Task InitializeAsync()
    {
        await _fixture.StartAsync();
        await Cluster.ReviveAsync(); // what an earlier test that failed has left
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }

        Cluster.TakeTroubles().ShouldBeEmpty("a node logged errors");
    }

    /// <summary>Every node knows all others.</summary>
    private protected async Task AllAreOfferedAsync()
    {
        ServerNode[] running = [.. Nodes.Where(n => n.IsRunning)];
        foreach (var node in running)
        {
            await OffersAsync(node, running);
        }
    }

    /// <summary>Waits until <c>GET /v1/servers</c> of a node names exactly these.</summary>
    /// <param name="within">How long at most; 20 s if null.</param>
    /// <returns>How long it took.</returns>
    private protected async Task<TimeSpan> OffersAsync(ServerNode asked, IReadOnlyCollection<ServerNode> expected, TimeSpan? within = null)
    {
        using var http = new ChatHttpClient(asked.Uri, new SocketsHttpHandler { UseProxy = false }) { Token = NewPerson("asker") };
        string[] names = [.. expected.Select(n => n.Name).Order(StringComparer.Ordinal)];
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var servers = await http.GetServersAsync();
            var took = Stopwatch.GetElapsedTime(started);
            if (servers.Select(s => s.Node).Order(StringComparer.Ordinal).SequenceEqual(names))
            {
                servers.Select(s => s.Url).ShouldBe(expected.Select(n => $"ws://{n.Http}/v1/ws"), ignoreOrder: true);
                return took;
            }

            var offered = string.Join(", ", servers.Select(s => s.Node));
            took.ShouldBeLessThan(
                within ?? Offered, $"{asked.Name} offers {offered} instead of {string.Join(", ", names)}");
            await Task.Delay(50);
        }
    }

    /// <summary>The token of a device of somebody whom nobody has seen before.</summary>
    private protected string NewPerson(string name) => Tokens.Mint($"{name}-{Interlocked.Increment(ref _people)}", "phone", name);

    /// <summary>Somebody new, connected to a node and to no other.</summary>
    private protected Task<Guest> MeetAsync(string name, ServerNode node) => ConnectAsync(NewPerson(name), node);

    private protected async Task<Guest> ConnectAsync(string token, ServerNode node)
    {
        var guest = new Guest(node, token);
        _guests.Add(guest);
        await guest.ConnectAsync();
        return guest;
    }
}
