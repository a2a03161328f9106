using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatAkka.Server.Clustering;

/// <summary>The WebSocket URL of this node that the others tell their clients: the configured one, or that of the first address that is
/// served. Null before there is one.</summary>
internal sealed class NodeUrl(Gateway.GatewayOptions options, IServer server)
{
    private string? _value;

    public string? Value => _value ??= options.PublicUrl.Length > 0 ? options.PublicUrl : Served();

    private string? Served() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(address => !address.EndsWith(":0", StringComparison.Ordinal)) is { } address
            ? new UriBuilder(address) { Scheme = "ws", Path = "/v1/ws" }.Uri.ToString()
            : null;
}
