using Akka.Actor;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What the plugins do over SQLite beyond their contract: mostly, while it can't write.</summary>
public sealed class SqlitePluginTests : NotebookTest
{
    private TestStore _test = null!;

    [Fact]
    public async Task Event_is_stored_with_its_serializer_and_manifest()
    {
        await WriteAsync(Open("channel-1"), "하나");

        _test.Scalar<string>("SELECT cast(payload AS TEXT) FROM journal WHERE persistence_id = 'channel-1' AND serializer_id = 9001 AND manifest = 'n'")
            .ShouldBe("하나");
    }

    [Fact]
    public async Task Store_that_cannot_write_stops_the_actor_and_never_acknowledges()
    {
        var notebook = Open("channel-1");
        await WriteAsync(notebook, "one");
        _test.WriterPragma = "PRAGMA query_only=1";

        var stopped = Stopped(notebook);
        var write = notebook.Ask<Written>(new Write("two"), Patience);
        await stopped;
        write.IsCompletedSuccessfully.ShouldBeFalse();
        _test.Store.Health.State.ShouldBe(StorageState.Unavailable);

        _test.WriterPragma = null;
        await _test.Store.Becomes(StorageState.Available);
        var again = Open("channel-1");
        (await ContentsAsync(again)).Texts.ShouldBe(["one"]);
        (await WriteAsync(again, "two")).ShouldBe(2);
    }

    [Fact]
    public async Task Actor_recovers_while_the_store_can_only_be_read()
    {
        var notebook = Open("channel-1");
        await WriteAsync(notebook, "one");
        await StopAsync(notebook);
        _test.WriterPragma = "PRAGMA query_only=1";
        await Should.ThrowAsync<StorageUnavailableException>(_test.Store.Journal.AppendAsync(Rows.Row("channel-2", 1)));

        (await ContentsAsync(Open("channel-1"))).Texts.ShouldBe(["one"]);
    }

    private protected override Task<ActorSystem> StartAsync()
    {
        _test = new TestStore();
        return Task.FromResult(PluginSystem.Create(_test.Store));
    }

    private protected override async Task StopAsync() => await _test.DisposeAsync();
}
