using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;

namespace ChatAkka.Domain.Tests.Presence;

public sealed class UserPresenceTests
{
    private const long Timeout = 30_000;
    private static readonly DeviceId Phone = new("21");
    private static readonly DeviceId Laptop = new("22");

    [Fact]
    public void Nobody_is_there_at_first() => UserPresence.Away.IsOnline.ShouldBeFalse();

    [Fact]
    public void Device_counts_from_its_first_socket_until_a_while_after_its_last_frame()
    {
        var presence = UserPresence.Away.Connected(Phone, 1_000);
        presence.At(1_000_000, Timeout).IsOnline.ShouldBeTrue("the socket is open");

        presence = presence.Disconnected(Phone, 50_000);

        presence.NextTimeout(Timeout).ShouldBe(80_000);
        presence.At(79_999, Timeout).IsOnline.ShouldBeTrue();
        presence.At(80_000, Timeout).IsOnline.ShouldBeFalse();
        presence.LastActiveAt.ShouldBe(50_000);
    }

    [Fact]
    public void Last_device_decides()
    {
        var presence = UserPresence.Away.Connected(Phone, 0).Connected(Laptop, 0).Disconnected(Phone, 10_000).Disconnected(Laptop, 25_000);

        presence.At(45_000, Timeout).IsOnline.ShouldBeTrue();
        presence.At(55_000, Timeout).IsOnline.ShouldBeFalse();
    }

    [Fact]
    public void Device_that_comes_back_in_time_was_never_away()
    {
        var presence = UserPresence.Away.Connected(Phone, 0).Disconnected(Phone, 10_000).Connected(Phone, 20_000);

        presence.NextTimeout(Timeout).ShouldBeNull();
        presence.At(1_000_000, Timeout).IsOnline.ShouldBeTrue();
    }

    [Fact]
    public void Second_socket_of_a_device_outlives_the_first()
    {
        var presence = UserPresence.Away.Connected(Phone, 0).Connected(Phone, 5_000).Disconnected(Phone, 4_000);

        presence.At(1_000_000, Timeout).IsOnline.ShouldBeTrue();
        presence.Disconnected(Phone, 6_000).At(36_000, Timeout).IsOnline.ShouldBeFalse();
    }

    [Fact]
    public void Log_out_of_the_only_device_is_away_at_once()
    {
        var presence = UserPresence.Away.Connected(Phone, 0).LoggedOut(Phone, 7_000);

        (presence.IsOnline, presence.LastActiveAt).ShouldBe((false, 7_000));
        presence.Disconnected(Phone, 8_000).IsOnline.ShouldBeFalse("its sockets close afterwards");
    }

    [Fact]
    public void Log_out_leaves_the_other_devices()
    {
        var presence = UserPresence.Away.Connected(Phone, 0).Connected(Laptop, 0).Disconnected(Laptop, 5_000).LoggedOut(Phone, 7_000);

        presence.At(34_999, Timeout).IsOnline.ShouldBeTrue();
        presence.At(35_000, Timeout).IsOnline.ShouldBeFalse();
        presence.LoggedOut(Phone, 9_000).ShouldBe(presence);
    }
}
