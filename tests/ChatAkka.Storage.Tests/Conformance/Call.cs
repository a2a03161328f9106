using System.Globalization;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>A call that writes, and what can be seen of it.</summary>
/// <param name="Write">Changes what <paramref name="See"/> says, if it is executed.</param>
internal sealed record Call(Func<ChatStore, CancellationToken, Task> Write, Func<ChatStore, CancellationToken, Task<string>> See)
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly DeviceId Phone = new("21");
    private static readonly ChannelId Group = new("31");
    private static readonly byte[] Token = new byte[32];

    /// <summary>A call of each part of a store, on what <see cref="PrepareAsync"/> has stored.</summary>
    public static IReadOnlyDictionary<string, Call> All { get; } = new Dictionary<string, Call>
    {
        ["append"] = new(
            (store, cancel) => store.Journal.AppendAsync([Rows.Row("channel-1", 3)], cancel),
            async (store, cancel) => Text(await store.Journal.HighestAsync("channel-1", cancel))),
        ["delete events"] = new(
            (store, cancel) => store.Journal.DeleteToAsync("channel-1", 1, cancel),
            async (store, cancel) => Text((await store.Timelines.ReadAsync("channel-1", 1, 9, 9, backward: false, cancel)).Count)),
        ["annotate"] = new(
            (store, cancel) => store.Journal.AppendAsync([Rows.Row("channel-1", 3) with { Annotates = (1, "t") }], cancel),
            async (store, cancel) => Text((await store.Journal.AnnotationsAsync("channel-1", 1, 9, cancel)).Count)),
        ["begin a timeline"] = new(
            (store, cancel) => store.Journal.AppendAsync([Rows.Row("channel-2", 1)], cancel),
            async (store, cancel) => Text((await store.Journal.HeadsAsync(["channel-1", "channel-2"], cancel)).Count)),
        ["settle"] = new(
            (store, cancel) => store.TrackDelivery().SettledAsync("channel-1", 2, cancel),
            async (store, cancel) => Text((await store.TrackDelivery().TakeUpAsync(long.MaxValue, 0, 9, cancel)).Count)),
        ["save a snapshot"] = new(
            (store, cancel) => store.Snapshots.SaveAsync(Rows.Row("channel-1", 2), Now, cancel), FindSnapshotAsync),
        ["delete snapshots"] = new(
            (store, cancel) => store.Snapshots.DeleteAsync("channel-1", new SnapshotRange(0, 9, 0, Now), cancel), FindSnapshotAsync),
        ["create an account"] = new(
            (store, cancel) => store.Accounts.CreateAsync(new Account(new UserId("13"), "cid", "Cid", Now), "hash", cancel),
            async (store, cancel) => Text(await store.Accounts.FindByUsernameAsync("cid", cancel))),
        ["rename"] = new(
            (store, cancel) => store.Accounts.RenameAsync(Ann, "Anna", cancel),
            async (store, cancel) => Text(await store.Accounts.FindAsync(Ann, cancel))),
        ["ensure an identity"] = new(
            (store, cancel) => store.Accounts.EnsureExternalAsync("eve", "phone", "Eve", new UserId("14"), new DeviceId("24"), Now, cancel),
            async (store, cancel) => Text((await store.Accounts.FindMissingAsync([new UserId("14")], cancel)).Count)),
        ["create a session"] = new(
            (store, cancel) => store.Accounts.CreateSessionAsync(Session(new DeviceId("22")), [1, .. Token[1..]], cancel),
            async (store, cancel) => Text((await store.Accounts.ListSessionsAsync(Ann, Now, cancel)).Count)),
        ["touch a session"] = new(
            (store, cancel) => store.Accounts.TouchSessionAsync(Phone, Now + 5, Now + 5_000, cancel),
            async (store, cancel) => Text(await store.Accounts.FindSessionAsync(Token, Now, cancel))),
        ["revoke a session"] = new(
            (store, cancel) => store.Accounts.RevokeSessionAsync(Ann, Phone, cancel),
            async (store, cancel) => Text(await store.Accounts.FindSessionAsync(Token, Now, cancel))),
        ["befriend"] = new(
            (store, cancel) => store.Contacts.RequestAsync(Ann, Bob, ContactRequest.Befriend, Now, cancel),
            async (store, cancel) => Text((await store.Contacts.ListFriendsAsync(Ann, cancel)).Count)),
        ["block"] = new(
            (store, cancel) => store.Contacts.RequestAsync(Ann, Bob, ContactRequest.Block, Now, cancel),
            async (store, cancel) => Text(await store.Contacts.FindBlocksAsync(Ann, Bob, cancel))),
        ["save cursors"] = new(
            (store, cancel) => store.Cursors.SaveAsync([new DeviceCursor(Phone, Group, 9)], overwrite: false, cancel), FindCursorsAsync),
        ["forget cursors"] = new(
            (store, cancel) => store.Cursors.ForgetAsync(Phone, [Group], cancel), FindCursorsAsync),
        ["save receipts"] = new(
            (store, cancel) => store.Receipts.SaveAsync([new Receipt(Ann, Group, 9, 9, 9)], cancel),
            async (store, cancel) => Text((await store.Receipts.LoadAsync(Ann, cancel)).Count)),
        ["save presence"] = new(
            (store, cancel) => store.PresenceOf(Peeks.Node).SaveAsync([new PresenceRecord(Ann, true, Now)], cancel),
            async (store, cancel) => Text((await store.PresenceOf(Peeks.Node).LoadAsync([Ann], cancel)).Count)),
        ["mark a node alive"] = new(
            (store, cancel) => store.PresenceOf(Peeks.Node).MarkAliveAsync(Now, cancel),
            async (store, cancel) => Text((await store.Records.ListAsync(cancel)).Contains(Peeks.Node.Node))),
        ["look after a user"] = new(
            (store, cancel) => store.Reviews.AddAsync([Ann], Now, cancel),
            async (store, cancel) => Text((await store.Reviews.ClaimDueAsync(Now, Now, 9, cancel)).Count)),
        ["add a push"] = new(
            (store, cancel) => store.Outbox.AddAsync([new PushRequest(Ann, Group, 5, Now)], cancel), ListPushesAsync),
        ["send a push"] = new(
            async (store, cancel) =>
            {
                foreach (var push in await store.PushesOf(Peeks.Node).PeekAsync(Now))
                {
                    await store.PushesOf(Peeks.Node).SentAsync(push.Id, cancel);
                }

                cancel.ThrowIfCancellationRequested();
            },
            ListPushesAsync),
        ["clear pushes"] = new((store, cancel) => store.Outbox.ClearAsync(Bob, cancel), ListPushesAsync),
    };

    /// <summary>Stores what the calls are about.</summary>
    public static async Task PrepareAsync(ChatStore store)
    {
        store.TrackDelivery();
        await store.Journal.AppendAsync([.. Rows.Range("channel-1", 1, 2).Select(row => row with { IsTimeline = true })]);
        await store.Snapshots.SaveAsync(Rows.Row("channel-1", 1), Now, CancellationToken.None);
        await store.Accounts.CreateAsync(new Account(Ann, "ann", "Ann", Now), "hash", CancellationToken.None);
        await store.Accounts.CreateAsync(new Account(Bob, "bob", "Bob", Now), "hash", CancellationToken.None);
        await store.Accounts.CreateSessionAsync(Session(Phone), Token, CancellationToken.None);
        await store.Cursors.SaveAsync([new DeviceCursor(Phone, Group, 5)], overwrite: false, CancellationToken.None);
        await store.Outbox.AddAsync([new PushRequest(Bob, Group, 5, Now)], CancellationToken.None);
    }

    private static DeviceSession Session(DeviceId device) => new(device, Ann, "a device", "android", Now, Now, Now + 1_000);

    private static async Task<string> FindSnapshotAsync(ChatStore store, CancellationToken cancel) =>
        Text((await store.Snapshots.FindAsync("channel-1", new SnapshotRange(0, 9, 0, Now), cancel))?.Row.SequenceNr);

    private static async Task<string> FindCursorsAsync(ChatStore store, CancellationToken cancel) =>
        Text((await store.Cursors.LoadAsync(Phone, cancel)).GetValueOrDefault(Group));

    private static async Task<string> ListPushesAsync(ChatStore store, CancellationToken cancel) =>
        Text((await store.PushesOf(Peeks.Node).PeekAsync(Now, 9, cancel)).Count);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
