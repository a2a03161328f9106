using System.Net;
using ChatAkka.Gateway.Limits;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class ClientAddressesTests
{
    private const string Proxies = "10.0.0.1; 10.0.0.2;fd00::1";

    [Theory]
    [InlineData("203.0.113.7", null, "203.0.113.7")]
    [InlineData("203.0.113.7", "198.51.100.1", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "198.51.100.1", "203.0.113.7")]
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("fd00::1", "2001:db8::5", "2001:db8::5")]
    [InlineData("10.0.0.1", "8.8.8.8, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "8.8.8.8,198.51.100.1 , 10.0.0.2", "198.51.100.1")]
    [InlineData("10.0.0.1", "8.8.8.8, ::ffff:10.0.0.2, 10.0.0.2", "8.8.8.8")]
    [InlineData("10.0.0.1", "10.0.0.2, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5")]
    [InlineData("10.0.0.1", "8.8.8.8, unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "8.8.8.8, , 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", ",", "10.0.0.1")]
    public void Address_is_the_peers_or_what_a_trusted_proxy_says(string peer, string? forwardedFor, string expected) =>
        AddressOf(Proxies, IPAddress.Parse(peer), forwardedFor).ShouldBe(IPAddress.Parse(expected));

    [Fact]
    public void Without_trusted_proxies_the_header_says_nothing() =>
        AddressOf("", IPAddress.Loopback, "198.51.100.1").ShouldBe(IPAddress.Loopback);

    [Fact]
    public void Several_headers_are_one_list() =>
        AddressOf(Proxies, IPAddress.Parse("10.0.0.1"), "8.8.8.8", "198.51.100.1", "10.0.0.2").ShouldBe(IPAddress.Parse("198.51.100.1"));

    [Fact]
    public void A_connection_without_an_address_is_of_this_machine() =>
        AddressOf("127.0.0.1", null, "198.51.100.1").ShouldBe(IPAddress.Parse("198.51.100.1"));

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Address_counts_by_what_its_client_cant_choose(string one, string other, bool same) =>
        (ClientAddresses.KeyOf(IPAddress.Parse(one)) == ClientAddresses.KeyOf(IPAddress.Parse(other))).ShouldBe(same);

    private static IPAddress AddressOf(string proxies, IPAddress? peer, params string?[] forwardedFor)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer;
        if (forwardedFor is not [null])
        {
            context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        }

        return new ClientAddresses(new GatewayOptions { TrustedProxies = proxies }).Of(context);
    }
}
