using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Domain.Users;
using ChatAkka.Storage.Accounts;
using ChatAkka.Storage.Contacts;
using ChatAkka.Storage.Contents;

namespace ChatAkka.Storage.InMemory;

/// <summary>How the data of a store in memory is the tables of <see cref="StoredTable.All"/>.</summary>
internal static class InMemoryTables
{
    public static Dictionary<string, InMemoryTable> Of(InMemoryData data) => new()
    {
        ["account"] = Accounts(data.Accounts),
        ["device_session"] = Sessions(data.Accounts),
        ["external_device"] = ExternalDevices(data.Accounts),
        ["device_cursor"] = Cursors(data.Cursors),
        ["receipt"] = Receipts(data.Receipts),
        ["presence"] = Presence(data.Presence),
        ["friendship"] = Friendships(data.Contacts),
        ["block"] = Blocks(data.Contacts),
    };

    private static InMemoryTable Accounts(AccountData data) => new(
        data,
        () => data.ById.Values.Select(account => new object?[]
        {
            StoredId.Of(account.Id), account.Username, account.DisplayName, data.PasswordHashes.GetValueOrDefault(account.Id),
            account.CreatedAt,
        }),
        row => !data.ById.ContainsKey(User(row[0]))
            && data.TryAdd(new Account(User(row[0]), Text(row[1]), Text(row[2]), Number(row[4])), (string?)row[3]),
        row => data.Remove(User(row[0])));

    private static InMemoryTable Sessions(AccountData data) => new(
        data,
        () => data.Tokens.Select(token => (TokenHash: Convert.FromHexString(token.Key), Session: data.Sessions[token.Value])).Select(
            row => new object?[]
            {
                StoredId.Of(row.Session.Device), StoredId.Of(row.Session.User), row.TokenHash, row.Session.Name, row.Session.Platform,
                row.Session.CreatedAt, row.Session.LastUsedAt, row.Session.ExpiresAt,
            }),
        row => data.TryAdd(
            new DeviceSession(
                Device(row[0]), User(row[1]), Text(row[3]), Text(row[4]), Number(row[5]), Number(row[6]), Number(row[7])),
            (byte[])row[2]!),
        row => data.Remove(Device(row[0])));

    private static InMemoryTable ExternalDevices(AccountData data) => new(
        data,
        () => data.ExternalDevices.Select(entry => new object?[]
        {
            StoredId.Of(entry.Key.User), entry.Key.Name, StoredId.Of(entry.Value.Device), entry.Value.CreatedAt,
        }),
        row => data.ExternalDevices.TryAdd((User(row[0]), Text(row[1])), (Device(row[2]), Number(row[3]))),
        row => data.ExternalDevices.Remove((User(row[0]), Text(row[1]))));

    private static InMemoryTable Cursors(CursorData data) => new(
        data,
        () =>
            from ofDevice in data
            from cursor in ofDevice.Value
            select new object?[] { StoredId.Of(ofDevice.Key), cursor.Key.Value, cursor.Value },
        row => data.GetOrAdd(Device(row[0])).TryAdd(Channel(row[1]), Number(row[2])),
        row => data.GetOrAdd(Device(row[0])).Remove(Channel(row[1])));

    private static InMemoryTable Receipts(ReceiptData data) => new(
        data,
        () =>
            from receipt in data.Values.SelectMany(ofUser => ofUser.Values)
            select new object?[] { StoredId.Of(receipt.User), receipt.Channel.Value, receipt.Delivered, receipt.Read, receipt.ReadN },
        row => data.GetOrAdd(User(row[0])).TryAdd(
            Channel(row[1]), new Receipt(User(row[0]), Channel(row[1]), Number(row[2]), Number(row[3]), Number(row[4]))),
        row => data.GetOrAdd(User(row[0])).Remove(Channel(row[1])));

    private static InMemoryTable Presence(PresenceData data) => new(
        data,
        () =>
            from record in data.Records.Values
            select new object?[] { StoredId.Of(record.User), record.IsOnline ? 1L : 0L, record.LastActiveAt },
        row => data.Records.TryAdd(User(row[0]), new PresenceRecord(User(row[0]), Number(row[1]) != 0, Number(row[2]))),
        row => data.Records.Remove(User(row[0])));

    private static InMemoryTable Friendships(ContactData data) => new(
        data,
        () =>
            from side in Sides(data)
            let relation = side.Relation
            where side.User < side.Other && relation.State != FriendState.None
            select new object?[] { side.User, side.Other, FriendshipRow.AskedByOf(relation.State, side.User, side.Other), relation.Since },
        row => TryChange(
            data,
            row,
            relation => relation.State == FriendState.None,
            relation => relation with { State = FriendshipRow.StateOf((long?)row[2], Number(row[1])), Since = Number(row[3]) }),
        row => TryChange(data, row, _ => true, relation => relation with { State = FriendState.None, Since = 0 }));

    private static InMemoryTable Blocks(ContactData data) => new(
        data,
        () =>
            from side in Sides(data)
            where side.Relation.BlockedSince is not null
            select new object?[] { side.User, side.Other, side.Relation.BlockedSince },
        row => TryChange(
            data, row, relation => relation.BlockedSince is null, relation => relation with { BlockedSince = Number(row[2]) }),
        row => TryChange(data, row, _ => true, relation => relation with { BlockedSince = null }));

    // Both tables are of one relation: a row of one leaves the other's alone.
    private static bool TryChange(ContactData data, object?[] row, Predicate<Relation> mayChange, Func<Relation, Relation> change)
    {
        var (user, other) = (User(row[0]), User(row[1]));
        var relation = data.Find(user, other);
        if (!mayChange(relation))
        {
            return false;
        }

        data.Store(user, other, change(relation));
        return true;
    }

    private static IEnumerable<(long User, long Other, Relation Relation)> Sides(ContactData data) =>
        from ofUser in data
        from side in ofUser.Value
        select (StoredId.Of(ofUser.Key), StoredId.Of(side.Key), side.Value);

    private static long Number(object? value) => (long)value!;

    private static string Text(object? value) => (string)value!;

    private static UserId User(object? value) => StoredId.User(Number(value));

    private static DeviceId Device(object? value) => StoredId.Device(Number(value));

    private static ChannelId Channel(object? value) => new(Text(value));
}
