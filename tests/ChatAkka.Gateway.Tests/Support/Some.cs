using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>Domain objects for tests.</summary>
internal static class Some
{
    public static readonly UserId Kim = new("1"), Lee = new("2");
    public static readonly DeviceId KimsPhone = new("11"), KimsTablet = new("12"), LeesPhone = new("21");
    public static readonly ChannelId Direct = new("1-2");
    public static readonly ChannelId Group = new("77");

    public static MessagePosted Message(long id, UserId from, DeviceId device, string clientId = "c", string text = "안녕", long n = 0) =>
        new(id, n == 0 ? id : n, 1_000 + id, from, device, clientId, text, 0, []);

    public static ChannelView View(long head, long n, ChannelId? channel = null, UserId? owner = null) => new(
        channel ?? Direct, (channel ?? Direct).IsDirect ? ChannelKind.Direct : ChannelKind.Group, "", head, n,
        [new Member(owner ?? Kim, MemberRole.Owner, 1), new Member(Lee, MemberRole.Member, 1)]);

    /// <summary>The same as it is listed for Kim.</summary>
    public static MemberView KimsView(long head, long n, ChannelId? channel = null) => View(head, n, channel).For(Kim);
}
