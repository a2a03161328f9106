using System.Collections.Immutable;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Transfer.Tests.Stores;

/// <summary>A store's worth of chat: rows of every table, and every event that there is, in timelines that can have happened.</summary>
internal static class SampleStore
{
    /// <summary>More than one batch of an import.</summary>
    public const int LongTimeline = 3_000;

    private const long At = 1_795_190_400_123;
    private static readonly UserId Ann = new("7298340912345088");
    private static readonly UserId Bob = new("7298340912345089");
    private static readonly UserId Cid = new("9223372036854775807");
    private static readonly DeviceId Phone = new("7298340912349184");

    public static ChannelId Group { get; } = new("7298340912353280");

    public static ChannelId Direct { get; } = ChannelId.Direct(Ann, Bob);

    public static ChannelId Long { get; } = new("7298340912353281");

    /// <summary>Every event of a timeline.</summary>
    public static IReadOnlyList<ChannelEvent> Events { get; } =
    [
        new ChannelCreated(1, At, Ann, ChannelKind.Group, "주말 등산 🏔️", [new Member(Ann, MemberRole.Owner, 1), new Member(Bob, MemberRole.Member, 1)]),
        new MessagePosted(2, 1, At, Ann, Phone, "c-1", "안녕 \"👋\" \u2028", 0, []),
        new MessagePosted(3, 2, At, Bob, Phone, "c-1", "", 2, [Ann, Cid]),
        new MemberAdded(4, 2, At, Ann, Cid, MemberRole.Admin),
        new RoleChanged(5, 2, At, Ann, Bob, MemberRole.Admin),
        new TitleChanged(6, 2, At, Bob, ""),
        new MessageEdited(7, 2, At, Ann, 2, "first"),
        new ReactionAdded(8, 2, At, Cid, 2, "👍🏽"),
        new MessageEdited(9, 2, At, Ann, 2, "second"),
        new ReactionRemoved(10, 2, At, Cid, 2, "👍🏽"),
        new ReactionAdded(11, 2, At, Bob, 2, "👍🏽"),
        new MessageDeleted(12, 2, At, Bob, 3),
        new MemberRemoved(13, 2, At, Cid, Cid, MemberRole.Admin),
    ];

    public static async Task FillAsync(ChatStore store)
    {
        await SampleRows.AddToAsync(store.Contents);
        await store.Journal.AppendAsync([.. Events.Select(e => Row(Group, e))], CancellationToken.None);
        await store.Journal.AppendAsync([.. DirectTimeline()], CancellationToken.None);
        await store.Journal.AppendAsync([.. LongTimelineEvents().Select(e => Row(Long, e))], CancellationToken.None);
        await store.Journal.AppendAsync([.. Journal(Bob, new ChannelJoined(Direct, 1), new MuteChanged(Direct, true))], CancellationToken.None);
        await store.Journal.AppendAsync(
            [.. Journal(Ann, new ChannelJoined(Group, 1), new ChannelJoined(Direct, 1), new MuteChanged(Direct, true), new MuteChanged(Direct, false), new ChannelLeft(Group, 13))],
            CancellationToken.None);
    }

    public static JournalRow Row(ChannelId channel, ChannelEvent e) =>
        Row($"channel-{channel}", e.Id, StoredEvents.Encode(e)) with { Annotates = e is Annotation a ? (a.Target, a.Slot) : null };

    /// <summary>The row with a field that no version knows yet.</summary>
    public static JournalRow WithUnknownField(this JournalRow row) => row with { Payload = [.. row.Payload, 0xA0, 0x06, 0x01] };

    // Its last message was written by a newer version.
    private static IEnumerable<JournalRow> DirectTimeline()
    {
        ImmutableArray<Member> members = [new(Ann, MemberRole.Member, 1), new(Bob, MemberRole.Member, 1)];
        yield return Row(Direct, new ChannelCreated(1, At, Bob, ChannelKind.Direct, "", members));
        yield return Row(Direct, new MessagePosted(2, 1, At, Bob, Phone, "c", "hello", 0, [])).WithUnknownField();
        yield return Row(Direct, new ReactionAdded(3, 1, At, Ann, 2, "❤️")).WithUnknownField();
    }

    private static IEnumerable<ChannelEvent> LongTimelineEvents()
    {
        yield return new ChannelCreated(1, At, Ann, ChannelKind.Group, "long", [new Member(Ann, MemberRole.Owner, 1)]);
        for (var id = 2; id <= LongTimeline; id++)
        {
            // All edits settle the same: the last one counts, in whatever batches they come.
            yield return id == 2 ? new MessagePosted(id, 1, At, Ann, Phone, "c", "text", 0, []) : new MessageEdited(id, 1, At, Ann, 2, $"text {id}");
        }
    }

    private static IEnumerable<JournalRow> Journal(UserId user, params UserEvent[] events) =>
        events.Select((e, i) => Row($"user-{user}", i + 1, StoredEvents.Encode(e)));

    private static JournalRow Row(string id, long sequenceNr, (string Manifest, byte[] Payload) stored) =>
        new(id, sequenceNr, StoredEvents.SerializerId, stored.Manifest, stored.Payload);
}
