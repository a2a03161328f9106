using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class LimitsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        new LimitsOptions().Validate().ShouldBeEmpty();
        new AuthOptions().Validate().ShouldBeEmpty();
        new GatewayOptions().Validate().ShouldBeEmpty();
    }

    [Fact]
    public void A_wrong_setting_is_named()
    {
        new LimitsOptions { SocketBurst = 0, OutboundBytes = 1 }.Validate().ShouldBe(
            ["Limits:SocketBurst must be at least 1.", "Limits:OutboundBytes must be at least 65536."]);
        new AuthOptions { IntegratorKey = "c2hvcnQ=" }.Validate().Single().ShouldStartWith("Auth:IntegratorKey ");
        new GatewayOptions { PublicUrl = "http://h" }.Validate().Single().ShouldStartWith("Gateway:PublicUrl ");
        new GatewayOptions { PublicUrl = "wss://h/v1/ws" }.Validate().ShouldBeEmpty();
    }

    [Fact]
    public void An_account_has_so_many_sockets_and_gets_them_back()
    {
        var sockets = new AccountSockets(new LimitsOptions { SocketsPerAccount = 2 });
        var (kim, lee) = (new UserId("1"), new UserId("2"));
        sockets.TryEnter(kim).ShouldBeTrue();
        sockets.TryEnter(kim).ShouldBeTrue();
        sockets.TryEnter(kim).ShouldBeFalse();
        sockets.TryEnter(lee).ShouldBeTrue();
        sockets.Leave(kim);
        sockets.TryEnter(kim).ShouldBeTrue();
        sockets.Leave(kim);
        sockets.Leave(kim);
        sockets.Leave(kim);
        sockets.TryEnter(kim).ShouldBeTrue();
    }

    [Fact]
    public void Connections_leave_files_for_the_rest()
    {
        var files = FileBudget.Of(most: 256, used: 108);
        for (var i = 0; i < 100; i++)
        {
            files.TryEnter().ShouldBeTrue();
        }

        files.TryEnter().ShouldBeFalse();
        files.TryEnter().ShouldBeFalse();
        files.Open.ShouldBe(100);
        files.Leave();
        files.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void The_process_has_a_budget() => FileBudget.OfProcess().TryEnter().ShouldBeTrue();
}
