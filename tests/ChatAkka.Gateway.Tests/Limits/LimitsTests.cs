using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Limits;

public sealed class LimitsTests
{
    private readonly ManualTime _time = new();

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
        new GatewayOptions { TrustedProxies = "10.0.0.1;;me;you" }.Validate().Count().ShouldBe(2);
        new GatewayOptions { TrustedProxies = " 10.0.0.1 ; fd00::1;" }.Validate().ShouldBeEmpty();
    }

    [Fact]
    public void Connections_leave_files_for_the_rest()
    {
        // 100 that are open, 22 that a node opens yet, 20 in reserve: room for 100 connections.
        var files = new FileBudget(most: 242, () => 100, _time);
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
    public void Other_files_are_counted_again_when_room_gets_short()
    {
        var open = 100;
        var files = new FileBudget(most: 244, () => open, _time);
        for (var i = 0; i < 50; i++)
        {
            files.TryEnter().ShouldBeTrue();
        }

        // 180 others and 50 connections.
        open = 180 + 50;
        files.TryEnter().ShouldBeTrue();
        _time.Advance(1_000);
        files.TryEnter().ShouldBeFalse();
        open = 120 + 51;
        files.TryEnter().ShouldBeFalse();
        _time.Advance(1_000);
        files.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void Without_a_file_to_count_with_nobody_enters_until_there_is_one()
    {
        var full = false;
        var files = new FileBudget(most: 244, () => full ? throw new IOException() : 100, _time);
        for (var i = 0; i < 50; i++)
        {
            files.TryEnter().ShouldBeTrue();
        }

        full = true;
        _time.Advance(1_000);
        files.TryEnter().ShouldBeFalse();
        full = false;
        _time.Advance(1_000);
        files.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void The_process_has_a_budget() => FileBudget.OfProcess(_time).TryEnter().ShouldBeTrue();
}
