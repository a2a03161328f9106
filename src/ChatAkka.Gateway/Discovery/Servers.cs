using System.Security.Cryptography;
using ChatAkka.Domain.Discovery;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.WebSockets.Handshake;
using ChatAkka.Protocol.Frames;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Discovery;

/// <summary>The servers that clients are told of: those of the cluster, or this node alone.</summary>
/// <param name="directory">Null for a node that is no part of a cluster.</param>
internal sealed class Servers(GatewayOptions options, INodeDirectory? directory = null)
{
    /// <summary>For a client that asks over HTTP, best first; never empty.</summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="region">Where it would like its server; null if it didn't say.</param>
    public IReadOnlyList<ServerAddress> For(HttpRequest request, UserId user, string? region) =>
        BestFirst(directory?.Nodes, user, region) is { Count: > 0 } servers ? servers : [new ServerAddress(UrlFor(request), options.Region, options.Node)];

    /// <summary>Where a user's clients of this node are sent when it goes away, best first; empty if there is nobody else.</summary>
    public IReadOnlyList<ServerAddress> Elsewhere(UserId user) => BestFirst(directory?.Others, user, null);

    private IReadOnlyList<ServerAddress> BestFirst(IReadOnlyList<NodeInfo>? nodes, UserId user, string? region) =>
    [
        .. NodeChoice.BestFirst(nodes ?? [], region ?? options.Region, directory?.HomeOf(user), Chance)
            .Select(node => new ServerAddress(node.Url, node.Region, node.Name)),
    ];

    // Thread-safe, and not to be guessed: nobody can tell where a crowd will go.
    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    private string UrlFor(HttpRequest request) => options.PublicUrl.Length > 0
        ? options.PublicUrl
        : $"{(request.IsHttps ? "wss" : "ws")}://{request.Host}{RequestHead.Path}";
}
