using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Migrations;

/// <summary>Rows that a program of some version may have written, and how a newer one finds them.</summary>
/// <param name="Insert">The statements that put them in.</param>
/// <param name="CheckAsync">Fails unless the store has them as they were put in.</param>
/// <param name="Until">The last version that has the columns they are put into.</param>
public sealed record OldRows(string Insert, Func<ChatStore, Task> CheckAsync, int Until = int.MaxValue)
{
    private const string Timeline = "channel-7001";
    private const string Deleted = "user-11";
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly UserId Cid = new("13");
    private static readonly DeviceId Phone = new("21");
    private static readonly ChannelId Group = new("7001");

    public static OldRows Accounts { get; } = new(
        """
        INSERT INTO account (id, username, display_name, password_hash, created_at)
        VALUES (11, 'ann', '앤', 'v1$hash', 1000), (12, 'ext:bob', 'Bob', NULL, 1001), (13, 'cid', '', 'v1$other', 1002);
        INSERT INTO external_device (user_id, name, device_id, created_at) VALUES (12, 'phone', 22, 1001);
        """,
        async store =>
        {
            (await store.Accounts.FindCredentialsAsync("ann", CancellationToken.None))
                .ShouldBe(new Credentials(new Account(Ann, "ann", "앤", 1000), "v1$hash"));
            (await store.Accounts.FindByUsernameAsync("ext:bob", CancellationToken.None))
                .ShouldBe(new Account(Bob, "ext:bob", "Bob", 1001));
            (await store.Accounts.FindAsync(Cid, CancellationToken.None)).ShouldBe(new Account(Cid, "cid", "", 1002));
            (await store.Accounts.EnsureExternalAsync(
                "bob", "phone", "", new UserId("98"), new DeviceId("99"), 2000, CancellationToken.None))
                .ShouldBe(new ExternalIdentity(Bob, new DeviceId("22")));
        });

    public static OldRows Cursors { get; } = new(
        "INSERT INTO device_cursor (device_id, channel_id, message_id) VALUES (21, '7001', 2), (21, '11-12', 9)",
        async store => (await store.Cursors.LoadAsync(Phone, CancellationToken.None))
            .ShouldBe(new Dictionary<ChannelId, long> { [Group] = 2, [new ChannelId("11-12")] = 9 }, ignoreOrder: true));

    public static OldRows Leases { get; } = new(
        "INSERT INTO node_lease (node, holder, expires_at) VALUES (5, 'before', 1000)",
        async store => (await store.Leases.AcquireAsync("before", CancellationToken.None)).Node.ShouldBe(5));

    public static OldRows Receipts { get; } = new(
        "INSERT INTO receipt (user_id, channel_id, delivered, read, read_n) VALUES (11, '7001', 3, 2, 1)",
        async store => (await store.Receipts.LoadAsync(Ann, CancellationToken.None)).ShouldBe([new Receipt(Ann, Group, 3, 2, 1)]));

    /// <param name="until">The last version that doesn't tell nodes apart.</param>
    public static OldRows Presence(int until) => new(
        """
        INSERT INTO presence (user_id, online, last_active_at) VALUES (11, 1, 1000), (12, 0, 1001);
        INSERT INTO alive (id, at) VALUES (1, 1100);
        """,
        async store =>
        {
            (await store.Records.RecoverAsync([], 2000, CancellationToken.None)).ShouldBe(1);
            (await store.Reviews.PeekAsync(2000)).ShouldBe([Ann]);
            (await store.PresenceOf(Peeks.Node).LoadAsync([Ann, Bob], CancellationToken.None))
                .ShouldBe(new Dictionary<UserId, long> { [Ann] = 1100, [Bob] = 1001 }, ignoreOrder: true);
        },
        until);

    public static OldRows Contacts { get; } = new(
        """
        INSERT INTO friendship (smaller_id, larger_id, asked_by, since) VALUES (11, 12, NULL, 1002), (11, 13, 13, 1001);
        INSERT INTO block (blocker_id, blocked_id, since) VALUES (13, 12, 1003);
        """,
        async store =>
        {
            (await store.Contacts.ListFriendsAsync(Ann, CancellationToken.None)).ShouldBe(
                [new Friend(Bob, "ext:bob", "Bob", FriendState.Friends, 1002), new Friend(Cid, "cid", "", FriendState.PendingIn, 1001)]);
            (await store.Contacts.ListBlocksAsync(Cid, CancellationToken.None)).ShouldBe([new BlockedUser(Bob, "ext:bob", "Bob", 1003)]);
        });

    // Dead letters are counted only: they are for operators, who look into the table.
    public static OldRows Pushes { get; } = new(
        """
        INSERT INTO push_outbox (user_id, channel_id, message_id, at, attempts, next_attempt_at, reason)
        VALUES (11, '7001', 2, 1000, 3, 1500, 'timeout');
        INSERT INTO push_dead_letter (push_id, user_id, channel_id, message_id, at, attempts, reason, dead_at)
        VALUES (9, 12, '7001', 1, 900, 8, 'gone', 1400);
        """,
        async store =>
        {
            var push = (await store.PushesOf(Peeks.Node).PeekAsync(1500)).ShouldHaveSingleItem();
            push.ShouldBe(new PendingPush(1, push.DeliveryId, Ann, Group, 2, 1000, 3));
        });

    public static OldRows Undelivered { get; } = new(
        $"INSERT INTO undelivered (key, head) SELECT key, 34 FROM persistence WHERE id = '{Timeline}'",
        async store =>
        {
            var undelivered = store.TrackDelivery();
            (await undelivered.TakeUpAsync(0, 0, 9, CancellationToken.None)).ShouldBe([Timeline]);
            await undelivered.SettledAsync(Timeline, 33, CancellationToken.None);
            (await undelivered.PeekAsync()).ShouldBe([Timeline]);
        });

    // Of a version that tells nodes apart. Ann was at one that is dead, Bob at that and a living one.
    public static OldRows Nodes { get; } = new(
        """
        INSERT INTO node_lease (node, holder, expires_at) VALUES (8, 'dead', 1000), (9, 'living', 9000);
        INSERT INTO presence (user_id, online, last_active_at) VALUES (11, 1, 1000), (12, 1, 1001);
        INSERT INTO online_at (node, user_id) VALUES (8, 11), (8, 12), (9, 12);
        INSERT INTO alive (node, holder, at) VALUES (8, 'dead', 1200), (9, 'living', 1300);
        INSERT INTO absence_review (user_id, due_at) VALUES (13, 1900);
        INSERT INTO push_outbox (user_id, channel_id, message_id, at, next_attempt_at, claimed_by, claimed_until)
        VALUES (13, '7001', 2, 1000, 1000, 'dead', 5000), (14, '7001', 2, 1000, 1000, 'living', 5000);
        """,
        async store =>
        {
            (await store.Records.RecoverAsync([new NodeLease(8, "dead", 1000)], 2000, CancellationToken.None)).ShouldBe(1);
            (await store.Reviews.PeekAsync(1999)).ShouldBe([Cid]);
            (await store.PushesOf(Peeks.Node).PeekAsync(1000)).Select(push => push.User).ShouldBe([Cid]);
            (await store.PresenceOf(new NodeLease(9, "living", 9000)).MarkAliveAsync(1400, CancellationToken.None)).ShouldBeTrue();
            (await store.PresenceOf(Peeks.Node).LoadAsync([Ann, Bob], CancellationToken.None))
                .ShouldBe(new Dictionary<UserId, long> { [Ann] = 1200, [Bob] = 1200 }, ignoreOrder: true);
        });

    /// <param name="tokenHash">The bytes 0, 1 and 254 as the database writes them.</param>
    public static OldRows Sessions(string tokenHash) => new(
        $"""
        INSERT INTO device_session (device_id, user_id, token_hash, name, platform, created_at, last_used_at, expires_at)
        VALUES (21, 11, {tokenHash}, 'phone', 'ios', 1000, 1005, 1009)
        """,
        async store => (await store.Accounts.FindSessionAsync([0, 1, 254], 1008, CancellationToken.None))
            .ShouldBe(new DeviceSession(Phone, Ann, "phone", "ios", 1000, 1005, 1009)));

    /// <param name="insert">Puts in the events 1 to 34 of channel-7001, and that user-11 had events up to 5.</param>
    public static OldRows Events(string insert) => new(
        insert,
        async store =>
        {
            (await store.Journal.ReadAsync(Timeline)).Select(row => (row.SequenceNr, row.SerializerId, row.Manifest, row.Text()))
                .ShouldBe(Rows.Range(Timeline, 1, 34).Select(row => (row.SequenceNr, row.SerializerId, row.Manifest, row.Text())));
            (await store.Journal.HighestAsync(Deleted)).ShouldBe(5);
            (await store.Journal.ReadAsync(Deleted)).ShouldBeEmpty();
            await Should.ThrowAsync<JournalConflictException>(store.Journal.AppendAsync(Rows.Row(Timeline, 34)));
            await store.Journal.AppendAsync(Rows.Row(Timeline, 35), Rows.Row(Deleted, 6));
        });

    /// <param name="insert">Puts in a snapshot of channel-7001 at 30, "an event 30", taken at 1000.</param>
    public static OldRows Snapshots(string insert) => new(
        insert,
        async store =>
        {
            var any = new SnapshotRange(0, long.MaxValue, 0, long.MaxValue);
            var snapshot = (await store.Snapshots.FindAsync(Timeline, any, CancellationToken.None)).ShouldNotBeNull();
            (snapshot.Row.SequenceNr, snapshot.Row.Text(), snapshot.TakenAt).ShouldBe((30, "an event 30", 1000));
        });

    /// <param name="insert">Puts in that event 3 of channel-7001 annotates event 2.</param>
    public static OldRows Annotations(string insert) => new(
        insert,
        async store => (await store.Journal.AnnotationsAsync(Timeline, 2, 2, CancellationToken.None))
            .ShouldHaveSingleItem().Text().ShouldBe("an event 3"));
}
