using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.LongPoll;

public sealed class PollSessionsTests : PollTestKit
{
    private static readonly Authenticated Tablet = new(Some.Kim, Some.KimsTablet);
    private static readonly Authenticated Laptop = new(Some.Kim, new DeviceId("13"));
    private static readonly Authenticated Lees = new(Some.Lee, Some.LeesPhone);

    [Fact]
    public async Task Each_device_has_its_own()
    {
        var (phone, tablet, lees) = (await OpenSyncedAsync(), await OpenSyncedAsync(Tablet), Open(Lees));

        (Sessions.Find(Phone), Sessions.Find(Tablet), Sessions.Find(Lees)).ShouldBe((phone, tablet, lees));
        Sessions.Find(Laptop).ShouldBeNull();
        Sessions.Find(new Authenticated(Some.Lee, Some.KimsPhone)).ShouldBeNull();
    }

    [Fact]
    public async Task An_account_has_no_more_than_it_may_have_sockets_and_closed_ones_make_room()
    {
        Limits = new LimitsOptions { SocketsPerAccount = 2 };
        var phone = await OpenSyncedAsync();
        var actor = Actor;
        await OpenSyncedAsync(Tablet);
        Sessions.TryOpen(Laptop, "1/13", polled: true, out _).ShouldBeFalse();
        Open(Lees);

        actor.Tell(SessionRevoked.Instance);
        AwaitCondition(() => phone.IsClosed);

        Open(Laptop);
        Sessions.Find(Phone).ShouldBeNull();
        Sessions.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Sockets_and_long_polls_of_an_account_are_counted_together()
    {
        Limits = new LimitsOptions { SocketsPerAccount = 1 };
        await OpenAsync(device: Some.KimsTablet);

        var answer = await PollAsync(Open());

        Ops(answer).ShouldBe(["error 0", "close 4429"]);
        Texts(answer).ShouldAllBe(text => text.Contains("rate_limited"), "the error and the reason of the close");
    }
}
