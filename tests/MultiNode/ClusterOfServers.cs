using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ChatAkka.Tests.MultiNode.Links;
using ChatAkka.Tests.Processes;

namespace ChatAkka.Tests.MultiNode;

/// <summary>
/// Real servers on one store that form a cluster, each a process of its own. Every node is told of the same seeds, so that each can be
/// started again at any time, the first one too. Disposing ends them all and removes what they leave. One caller at a time.
/// </summary>
internal sealed class ClusterOfServers : IAsyncDisposable
{
    private const int StartsTried = 3;

    private readonly ClusterSettings _settings;
    private readonly string _directory;
    private volatile ServerNode[] _nodes = [];
    private readonly HashSet<ServerNode> _takenAway = [];
    private readonly List<(NodeAddress Address, IPEndPoint Http)> _places = [];
    private readonly string _seeds;

    /// <summary>Finds the places; nothing runs yet.</summary>
    public ClusterOfServers(ClusterSettings settings)
    {
        _settings = settings;
        _directory = settings.Directory ?? Directory.CreateTempSubdirectory("chatakka-nodes-").FullName;
        Links = settings.IsLinked ? new NodeLinks() : null;
        _seeds = string.Join(';', Enumerable.Range(0, settings.Nodes).Select(n => PlaceOf(n).Address.Public));
        for (var number = 0; number < settings.Nodes; number++)
        {
            Add();
        }
    }

    /// <summary>Every node there ever was, by number.</summary>
    public IReadOnlyList<ServerNode> All => _nodes;

    /// <summary>Told, on any thread, when a node ends without having been asked or killed, and with what code.</summary>
    public Action<ServerNode, int>? EndedByItself { get; set; }

    /// <summary>Those that run, be it frozen; the oldest first.</summary>
    public IReadOnlyList<ServerNode> ByAge => [.. _nodes.Where(n => n.IsRunning).OrderBy(n => n.ReadySince)];

    /// <summary>The network between them; null if it isn't ours.</summary>
    public NodeLinks? Links { get; }

    public string IntegratorKey => _settings.IntegratorKey;

    private bool IsCluster => _settings.Nodes > 1 || _settings.IsAlwaysCluster;

    /// <summary>Starts nodes and waits until they are ready, one after the other, so that it is known which is older.</summary>
    /// <exception cref="ServerFailedException">One of them isn't.</exception>
    public static async Task<ClusterOfServers> StartAsync(ClusterSettings settings, CancellationToken cancel = default)
    {
        var cluster = new ClusterOfServers(settings);
        try
        {
            foreach (var node in cluster._nodes)
            {
                await node.StartAsync(cancel);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A further node, not started yet.</summary>
    /// <param name="options">Settings of its own, as command line arguments.</param>
    public ServerNode Add(params string[] options)
    {
        var number = _nodes.Length;
        var (address, http) = PlaceOf(number);
        Links?.Add(address);
        var node = new ServerNode(number, StartOf(ServerNode.NameOf(number), address, http, options), http, IsCluster ? address : null);
        node.EndedByItself = (ended, code) => EndedByItself?.Invoke(ended, code);
        _nodes = [.. _nodes, node];
        return node;
    }

    /// <summary>A node that isn't to be revived: it is about to go for good.</summary>
    public void TakeAway(ServerNode node) => _takenAway.Add(node);

    /// <summary>Starts again what doesn't run though it should, as who watches over servers does, and waits until all are ready.</summary>
    /// <exception cref="ServerFailedException">One of them isn't.</exception>
    public async Task ReviveAsync(CancellationToken cancel = default)
    {
        foreach (var node in _nodes.Where(n => !_takenAway.Contains(n)))
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await node.StartAsync(cancel);
                    break;
                }
                catch (ServerFailedException) when (!node.IsRunning && tries < StartsTried)
                {
                    // It was running, and found out only now that the others had given it up.
                }
            }
        }
    }

    /// <summary>Lines of errors in the logs since this was last asked, except those that a fault explains.</summary>
    public IReadOnlyList<string> TakeTroubles(Regex? explained = null) =>
        [.. _nodes.SelectMany(n => n.Log.TakeTroubles(explained).Select(line => $"{n.Name}: {line}"))];

    /// <summary>The network between the nodes, if it is ours and they use it.</summary>
    /// <exception cref="ServerFailedException">It isn't, or they don't: what is done to it would not be what it is said to be.</exception>
    public NodeLinks Cuttable()
    {
        var links = Links ?? throw new ServerFailedException("the network between the nodes isn't ours");
        return links switch
        {
            { Strangers: > 0 and var strangers } => throw new ServerFailedException(
                $"{strangers} connections between nodes came from addresses that no node is bound to"),
            { Connections: 0 } => throw new ServerFailedException("the nodes aren't connected where the others were told that they are"),
            _ => links,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (Links is not null)
        {
            await Links.DisposeAsync();
        }

        if (_settings.Directory is null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    // Behind links every node has addresses of its own, so that a proxy sees who connects; the port must be free at both of them.
    private (NodeAddress Address, IPEndPoint Http) PlaceOf(int number)
    {
        while (_places.Count <= number)
        {
            var port = Ports.Next(IPAddress.Any);
            var last = (byte)(11 + _places.Count);
            var bound = Links is null ? IPAddress.Loopback : new IPAddress([127, 0, 1, last]);
            var known = Links is null ? IPAddress.Loopback : new IPAddress([127, 0, 2, last]);
            var address = new NodeAddress(new IPEndPoint(bound, port), new IPEndPoint(known, port));
            _places.Add((address, new IPEndPoint(IPAddress.Loopback, Ports.Next())));
        }

        return _places[number];
    }

    private ProcessStartInfo StartOf(string name, NodeAddress address, IPEndPoint http, string[] options)
    {
        var isDll = Path.GetExtension(_settings.Program) == ".dll";
        string[] arguments =
        [
            .. isDll ? [_settings.Program] : Array.Empty<string>(),
            "--urls", $"http://{http}",
            "--Gateway:Node", name,
            "--Storage:DataDirectory", _directory,
            .. _settings.Database is { } database
                ? ["--Storage:Provider", "postgres", "--Storage:ConnectionString", database]
                : Array.Empty<string>(),
            "--Auth:IntegratorKey", _settings.IntegratorKey,
            .. IsCluster ? ClusterArguments(address, http) : [],
            .. _settings.Options.SelectMany(option => new[] { $"--{option.Key}", option.Value }),
            .. options,
        ];
        var program = isDll ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet" : _settings.Program;
        return new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(_settings.Program)),
        };
    }

    private string[] ClusterArguments(NodeAddress address, IPEndPoint http) =>
    [
        "--Gateway:PublicUrl", $"ws://{http}/v1/ws",
        "--Cluster:Enabled", "true",
        "--Cluster:Host", address.Bound.Address.ToString(),
        "--Cluster:PublicHost", address.Public.Address.ToString(),
        "--Cluster:Port", address.Bound.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "--Cluster:Seeds", _seeds,
    ];
}
