using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>
/// One value of every stored type and the very bytes it is stored as. Journals are kept for ever: what stands here is added to, never
/// changed. The bytes were written from <c>stored.proto</c> and the protobuf encoding by hand, not by the code that they test.
/// </summary>
internal static class StoredSamples
{
    private const long At = 1_795_190_400_123;
    private static readonly UserId Ann = new("7298340912345088");
    private static readonly UserId Bob = new("7298340912345089");
    private static readonly UserId Cid = new("7298340912345090");
    private static readonly DeviceId Phone = new("7298340912349184");
    private static readonly ChannelId Group = new("7298340912353280");
    private static readonly ChannelId Direct = ChannelId.Direct(Ann, Bob);

    /// <summary>By manifest: the value and its bytes.</summary>
    public static IReadOnlyDictionary<string, (object Value, string Hex)> All { get; } = new Dictionary<string, (object, string)>
    {
        [Manifests.ChannelCreated] = (
            new ChannelCreated(
                1, At, Ann, ChannelKind.Group, "주말 등산 🏔️", [new Member(Ann, MemberRole.Owner, 1), new Member(Bob, MemberRole.Member, 1)]),
            "080110FBC8BECD9F341900B08769CDED190020022A15ECA3BCEBA79020EB93B1EC82B020F09F8F94EFB88F" +
            "320D0900B08769CDED190010031801" +
            "320D0901B08769CDED190010011801"),
        [Manifests.MessagePosted] = (
            new MessagePosted(300, 257, At, Bob, Phone, "c-1", "안녕하세요 👋🏽 all", 7, [Ann, Cid]),
            "08AC0210810218FBC8BECD9F342101B08769CDED19002900C08769CDED19003203632D31" +
            "3A1CEC9588EB8595ED9598EC84B8EC9A9420F09F918BF09F8FBD20616C6C" +
            "40074A1000B08769CDED190002B08769CDED1900"),
        [Manifests.MemberAdded] = (
            new MemberAdded(2, 1, At, Ann, Cid, MemberRole.Admin),
            "0802100118FBC8BECD9F342100B08769CDED19002902B08769CDED19003002"),
        [Manifests.MemberRemoved] = (
            new MemberRemoved(129, 100, At, Cid, Cid, MemberRole.Member),
            "088101106418FBC8BECD9F342102B08769CDED19002902B08769CDED19003001"),
        [Manifests.TitleChanged] = (
            new TitleChanged(3, 1, At, Ann, "한라산 🌋"),
            "0803100118FBC8BECD9F342100B08769CDED19002A0EED959CEB9DBCEC82B020F09F8C8B"),
        [Manifests.RoleChanged] = (
            new RoleChanged(5, 1, At, Ann, Bob, MemberRole.Owner),
            "0805100118FBC8BECD9F342100B08769CDED19002901B08769CDED19003003"),
        [Manifests.MessageEdited] = (
            new MessageEdited(301, 257, At, Bob, 300, "안녕 👋"),
            "08AD0210810218FBC8BECD9F342101B08769CDED190028AC02320BEC9588EB859520F09F918B"),
        [Manifests.MessageDeleted] = (
            new MessageDeleted(302, 257, At, Ann, 300),
            "08AE0210810218FBC8BECD9F342100B08769CDED190028AC02"),
        [Manifests.ReactionAdded] = (
            new ReactionAdded(303, 257, At, Cid, 7, "👍🏽"),
            "08AF0210810218FBC8BECD9F342102B08769CDED190028073A08F09F918DF09F8FBD"),
        [Manifests.ReactionRemoved] = (
            new ReactionRemoved(304, 257, At, Cid, 7, "👍🏽"),
            "08B00210810218FBC8BECD9F342102B08769CDED190028073A08F09F918DF09F8FBD"),
        [Manifests.ChannelSnapshot] = (
            GroupOf514Events(),
            "0A103732393833343039313233353332383010021A0EED959CEB9DBCEC82B020F09F8C8B2082042802" +
            "320D0900B08769CDED190010031801" +
            "320D0901B08769CDED190010011801" +
            "388104421058FC10DE42D7843C0000000000000000" +
            "4A5F08011A5B" +
            "00000000000000000000000001000100" +
            "000000000000000000000000000000000000000000000000000000000000000000000000" +
            "000000000000000000001000000000000000000000000000000000000000000000000000" +
            "072303" +
            "5100B08769CDED1900"),
        [Manifests.ChannelJoined] = (
            new ChannelJoined(Direct, 1),
            "0A21373239383334303931323334353038382D373239383334303931323334353038391001"),
        [Manifests.ChannelLeft] = (
            new ChannelLeft(Group, 129),
            "0A1037323938333430393132333533323830108101"),
        [Manifests.MuteChanged] = (
            new MuteChanged(Direct, IsMuted: true),
            "0A21373239383334303931323334353038382D373239383334303931323334353038391001"),
        [Manifests.UserSnapshot] = (
            UserState.Restore(Bob, [new MembershipChange(Group, 129, Joined: false)]),
            "0901B08769CDED190012170A10373239383334303931323335333238301081011801"),
    };

    /// <summary>A user's snapshot lists channels in no order, so this one is only read.</summary>
    public static (UserState Value, string Hex) UserOfTwoChannels { get; } = (
        UserState.Restore(Bob, [new MembershipChange(Direct, 1, Joined: true), new MembershipChange(Group, 129, Joined: false)]),
        "0901B08769CDED1900" +
        "12250A21373239383334303931323334353038382D373239383334303931323334353038391001" +
        "12170A10373239383334303931323335333238301081011801");

    /// <summary>A user who has muted a channel.</summary>
    public static (UserState Value, string Hex) UserWithMutedChannel { get; } = (
        UserState.Restore(Bob, [new MembershipChange(Direct, 1, Joined: true)], Direct),
        "0901B08769CDED190012250A21373239383334303931323334353038382D3732393833343039313233" +
        "343530383910011A21373239383334303931323334353038382D37323938333430393132333435303839");

    // 512 events are a sealed block of sends, two are open.
    private static ChannelState GroupOf514Events()
    {
        var state = Channel.Apply(
            ChannelState.Empty(Group),
            new ChannelCreated(
                1, At, Ann, ChannelKind.Group, "등산", [new Member(Ann, MemberRole.Owner, 1), new Member(Bob, MemberRole.Member, 1)]));
        state = Channel.Apply(state, new MessagePosted(2, 1, At, Bob, Phone, "c-1", "가", 0, []));
        while (state.Head < 512)
        {
            state = Channel.Apply(state, new TitleChanged(state.Head + 1, 1, At, Ann, "지리산"));
        }

        state = Channel.Apply(state, new MessagePosted(513, 2, At, Bob, Phone, "c-2", "나", 0, []));
        return Channel.Apply(state, new TitleChanged(514, 2, At, Ann, "한라산 🌋"));
    }
}
