using System.Net;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.Replay.Server;

/// <summary>A single server as a process of its own.</summary>
internal sealed class NodeHost : IServerHost
{
    private readonly ClusterOfServers _servers;
    private readonly ServerNode _node;

    /// <param name="settings">Of one node.</param>
    public NodeHost(ClusterSettings settings)
    {
        _servers = new ClusterOfServers(settings with { Nodes = 1 });
        _node = _servers.All[0];
        _node.EndedByItself = (node, code) => Died?.Invoke($"the server ended by itself with code {code}{node.Log.Tail(20)}");
    }

    public IPEndPoint Address => _node.Http;

    public Action<string>? Died { get; set; }

    public IReadOnlyList<string> TakeTroubles() => _node.Log.TakeTroubles();

    public Task StartAsync(CancellationToken cancel) => _node.StartAsync(cancel);

    public Task KillAsync() => _node.KillAsync();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();
}
