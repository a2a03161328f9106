using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Journals.Sqlite;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Journals;

public sealed class SqliteUndeliveredTableTests : IAsyncLifetime
{
    private const string Channel = "channel-7001";
    private const string Other = "channel-7002";
    private readonly TestStore _test = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Timeline_is_undelivered_from_its_append_until_it_is_settled()
    {
        var table = new SqliteUndeliveredTable(_test.Store);
        await _test.Store.Journal.AppendAsync(Event(Channel, 1), Event(Channel, 2), Event(Other, 1));
        (await ListAsync(table)).ShouldBe([Channel, Other], ignoreOrder: true);

        await table.SettledAsync(Channel, 1, CancellationToken.None);
        (await ListAsync(table)).ShouldContain(Channel, "there is more by now");
        await table.SettledAsync(Channel, 2, CancellationToken.None);
        (await ListAsync(table)).ShouldBe([Other]);

        await _test.Store.Journal.AppendAsync(Event(Channel, 3));
        (await ListAsync(table)).ShouldBe([Channel, Other], ignoreOrder: true);
    }

    [Fact]
    public async Task Events_of_others_than_channels_are_not_delivered()
    {
        var table = new SqliteUndeliveredTable(_test.Store);

        await _test.Store.Journal.AppendAsync(Rows.Row("user-1", 1));

        (await ListAsync(table)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_entered_where_nobody_asks()
    {
        await _test.Store.Journal.AppendAsync(Event(Channel, 1));

        (await ListAsync(new SqliteUndeliveredTable(_test.Store))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Append_that_failed_enters_nothing()
    {
        await _test.Store.Journal.AppendAsync(Event(Channel, 1));
        var table = new SqliteUndeliveredTable(_test.Store);

        await Should.ThrowAsync<JournalConflictException>(_test.Store.Journal.AppendAsync(Event(Channel, 1)));

        (await ListAsync(table)).ShouldBeEmpty();
    }

    private static JournalRow Event(string id, long sequenceNr) => Rows.Row(id, sequenceNr) with { IsTimeline = true };

    private static Task<IReadOnlyList<string>> ListAsync(SqliteUndeliveredTable table) => table.ListAsync(CancellationToken.None);
}
