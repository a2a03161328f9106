using System.Text.Json;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Exports;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Imports;
using ChatAkka.Transfer.Tests.Stores;

namespace ChatAkka.Transfer.Tests;

/// <summary>An export of a store that is written to meanwhile hangs together.</summary>
public sealed class BusyStoreTests : IDisposable
{
    private const long FirstUser = 1_000;
    private const long FirstGroup = 5_000;

    private readonly TransferDirectory _directory = new();
    private int _users;

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public async Task Export_of_a_store_that_is_written_to_names_nothing_that_it_has_not_got()
    {
        await using var store = await StoreKind.Sqlite.CreateAsync(_directory.At("store"));
        await using var target = await StoreKind.Sqlite.CreateAsync(_directory.At("target"));
        await using var busy = new BusyStore(store, () => JoinAsync(store));

        await Export.RunAsync(busy, _directory.Export, Quiet(), TimeProvider.System, CancellationToken.None);
        await Import.RunAsync(target, _directory.Export, Quiet(), CancellationToken.None);

        _users.ShouldBeGreaterThan(2 * StoredTable.All.Count);
        var accounts = Texts("account", "id");
        var channels = Texts(ExportFiles.Channels, "channel");
        Texts(ExportFiles.Users, "user").ShouldBeSubsetOf(accounts);
        Texts(ExportFiles.Timelines, "from").ShouldBeSubsetOf(accounts);
        Texts(ExportFiles.Users, "channel").ShouldBeSubsetOf(channels);
        Texts("receipt", "channel_id").ShouldBeSubsetOf(channels);
    }

    /// <summary>Somebody signs up, makes a group, and is at once friends with whoever came before.</summary>
    private async Task JoinAsync(ChatStore store)
    {
        var (number, user, group) = (FirstUser + _users, new UserId($"{FirstUser + _users}"), new ChannelId($"{FirstGroup + _users}"));
        await AddAsync("account", number, $"user_{number}", "", null, 1L);
        await AddAsync("device_session", number, number, BitConverter.GetBytes(number), "", "", 1L, 1L, 1L);
        await AddAsync("external_device", number, "", number, 1L);
        if (_users++ > 0)
        {
            await AddAsync("friendship", number - 1, number, null, 1L);
            await AddAsync("block", number, number - 1, 1L);
        }

        var created = new ChannelCreated(1, 1, user, ChannelKind.Group, "", [new Member(user, MemberRole.Owner, 1)]);
        await store.Journal.AppendAsync([SampleStore.Row(group, created)], CancellationToken.None);
        var (manifest, payload) = StoredEvents.Encode(new ChannelJoined(group, 1));
        await store.Journal.AppendAsync([new JournalRow($"user-{user}", 1, StoredEvents.SerializerId, manifest, payload)], CancellationToken.None);
        await AddAsync("receipt", number, group.Value, 1L, 1L, 0L);

        Task AddAsync(string table, params object?[] row) =>
            store.Contents.AddAsync(StoredTable.All.Single(known => known.Name == table), [row], CancellationToken.None);
    }

    private HashSet<string> Texts(string kind, string field) =>
        [.. _directory.Read(kind).Select(line => JsonDocument.Parse(line).RootElement.GetProperty(field).GetString()!)];

    private static TransferProgress Quiet() => new(TextWriter.Null, isQuiet: true, TimeProvider.System);
}
