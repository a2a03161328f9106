using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Tests.Conformance;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Contents;

/// <summary>What every store's contents must do, so that what one exports another imports.</summary>
public abstract class StoreContentsContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    // More than a page of any store.
    private const int Many = 2_500;

    private static readonly StoredTable Receipts = Table("receipt");

    public static TheoryData<string> Tables => [.. StoredTable.All.Select(table => table.Name)];

    private IStoreContents Contents => Store.Contents;

    [SkippableTheory]
    [MemberData(nameof(Tables))]
    public async Task Rows_are_read_back_as_they_were_added_in_the_order_of_their_key(string name)
    {
        foreach (var table in StoredTable.All)
        {
            await Contents.AddAsync(table, [.. SampleRows.All[table.Name].Reverse()], CancellationToken.None);
        }

        (await Contents.ReadAsync(Table(name))).ShouldBe(SampleRows.All[name]);
    }

    [SkippableFact]
    public async Task Rows_of_several_pages_are_read_once_each_and_in_order()
    {
        var rows = Enumerable.Range(0, Many).Select(i => Receipt(1 + (i / 1_100), $"{10_000 + i}")).ToArray();
        await Contents.AddAsync(Receipts, rows, CancellationToken.None);

        (await Contents.ReadAsync(Receipts)).ShouldBe(rows);
    }

    [SkippableFact]
    public async Task Text_is_ordered_by_its_bytes()
    {
        string[] channels = ["10", "9", "B", "a", "é", "가", "ｱ", "😀"];
        await Contents.AddAsync(Receipts, [.. channels.Reverse().Select(channel => Receipt(1, channel))], CancellationToken.None);

        (await Contents.ReadAsync(Receipts)).Select(row => row[1]).ShouldBe(channels);
    }

    [SkippableFact]
    public async Task Adding_a_key_that_is_there_adds_nothing()
    {
        await Contents.AddAsync(Receipts, [Receipt(1, "1")], CancellationToken.None);

        await Should.ThrowAsync<InvalidOperationException>(
            Contents.AddAsync(Receipts, [Receipt(1, "2"), Receipt(1, "1"), Receipt(1, "3")], CancellationToken.None));

        (await Contents.ReadAsync(Receipts)).ShouldHaveSingleItem()[1].ShouldBe("1");
    }

    [SkippableTheory]
    [MemberData(nameof(Tables))]
    public async Task Adding_a_key_that_is_there_leaves_every_table_as_it_was(string name)
    {
        var rows = SampleRows.All[name];
        var before = StoredTable.All.TakeWhile(table => table.Name != name).ToArray();
        foreach (var table in before)
        {
            await Contents.AddAsync(table, SampleRows.All[table.Name], CancellationToken.None);
        }

        await Contents.AddAsync(Table(name), [rows[^1]], CancellationToken.None);

        await Should.ThrowAsync<InvalidOperationException>(Contents.AddAsync(Table(name), rows, CancellationToken.None));

        (await Contents.ReadAsync(Table(name))).ShouldBe([rows[^1]]);
        foreach (var table in before)
        {
            (await Contents.ReadAsync(table)).ShouldBe(SampleRows.All[table.Name]);
        }
    }

    [SkippableFact]
    public async Task Adding_no_row_is_nothing()
    {
        await Contents.AddAsync(Receipts, [], CancellationToken.None);

        (await Contents.ReadAsync(Receipts)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Accounts_that_were_added_are_found_by_name()
    {
        await SampleRows.AddToAsync(Contents);

        (await Store.Accounts.FindByUsernameAsync("bob", CancellationToken.None)).ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task Persistence_ids_are_those_with_events_in_the_order_of_their_bytes()
    {
        string[] ids = [.. Enumerable.Range(0, Many).Select(i => $"channel-{i}").Order(StringComparer.Ordinal), "user-가", "user-ｱ", "user-😀"];
        await Store.Journal.AppendAsync([.. ids.Reverse().Select(id => Rows.Row(id, 1)), Rows.Row("channel-gone", 1)]);
        await Store.Journal.DeleteToAsync("channel-gone", 1);

        List<string> read = [];
        await foreach (var id in Contents.PersistenceIdsAsync(CancellationToken.None))
        {
            read.Add(id);
        }

        read.ShouldBe(ids);
    }

    [SkippableFact]
    public async Task Import_is_unfinished_from_its_mark_until_that_is_cleared_as_often_as_there_is_one()
    {
        (await Store.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeFalse();
        for (var i = 0; i < 2; i++)
        {
            await ImportMark.SetAsync(Store.Journal, CancellationToken.None);
            (await Store.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeTrue();

            await ImportMark.ClearAsync(Store.Journal, CancellationToken.None);
            (await Store.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeFalse();
        }
    }

    private static StoredTable Table(string name) => StoredTable.All.Single(table => table.Name == name);

    private static object?[] Receipt(long user, string channel) => [user, channel, 3L, 2L, 1L];
}
