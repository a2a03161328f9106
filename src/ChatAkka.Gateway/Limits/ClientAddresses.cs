using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Limits;

/// <summary>Which address a request comes from: that of its connection, or what a trusted proxy says. Nobody else is believed: a client can
/// write any <c>X-Forwarded-For</c>.</summary>
internal sealed class ClientAddresses(GatewayOptions options)
{
    private const string ForwardedFor = "X-Forwarded-For";

    private readonly HashSet<IPAddress> _proxies = [.. options.TrustedProxyTexts.Select(IPAddress.Parse).Select(Plain)];

    /// <summary>The client's address. A connection without one, over a Unix socket, counts as from this machine.</summary>
    public IPAddress Of(HttpContext context)
    {
        var peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        return _proxies.Contains(peer) ? Forwarded(peer, context.Request.Headers[ForwardedFor].ToString()) : peer;
    }

    /// <summary>What a client can't vary at will: an IPv4 address, or the first 64 bits of one of IPv6, of which the rest is the client's
    /// to choose. The two never meet: no such 64 bits begin with 32 zeros.</summary>
    public static ulong KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        Plain(address).TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    // Each proxy has appended whom it heard. From the last back: the first that is no proxy is the client, and what stands before it is the
    // client's own word. What isn't an address ends the search at the proxy that wrote it.
    private IPAddress Forwarded(IPAddress peer, string chain)
    {
        var address = peer;
        var rest = chain.AsSpan();
        while (_proxies.Contains(address) && !rest.IsEmpty)
        {
            var comma = rest.LastIndexOf(',');
            if (!IPEndPoint.TryParse(rest[(comma + 1)..].Trim(), out var said))
            {
                break;
            }

            address = Plain(said.Address);
            rest = comma < 0 ? [] : rest[..comma];
        }

        return address;
    }

    private static IPAddress Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
