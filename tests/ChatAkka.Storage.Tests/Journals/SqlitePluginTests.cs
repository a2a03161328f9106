using Akka.Actor;
using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals.Sqlite;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>SQLite's plugins keep the contract, and what goes beyond it.</summary>
public sealed class SqlitePluginTests : JournalPluginContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private TestStore _test = null!;

    [Fact]
    public async Task Event_is_stored_with_its_serializer_and_manifest()
    {
        await WriteAsync(Open("channel-1"), "하나");

        _test.Scalar<string>("SELECT cast(payload AS TEXT) FROM journal WHERE persistence_id = 'channel-1' AND serializer_id = 9001 AND manifest = 'n'")
            .ShouldBe("하나");
    }

    [Fact]
    public async Task Reader_sees_what_actors_persisted()
    {
        var reader = new SqliteJournalReader(_test.Store);
        await WriteAsync(Open("channel-1"), "one", "two", "three");

        var page = await reader.ReadAsync("channel-1", 1, 3, 2, backward: true, CancellationToken.None);
        var heads = await reader.HeadsAsync(["channel-1", "channel-2"], CancellationToken.None);

        page.Select(row => row.SequenceNr).ShouldBe([3, 2]);
        page[0].Payload.ShouldBe("three"u8.ToArray());
        heads.ShouldHaveSingleItem().ShouldBe(page[0] with { Payload = heads[0].Payload });
    }

    [Fact]
    public async Task Event_that_cannot_be_serialized_is_rejected_and_the_actor_goes_on()
    {
        var notebook = Open("channel-1");
        await WriteAsync(notebook, "one");

        (await notebook.Ask<Rejected>(new Write(Noted.Unserializable), Patience)).Cause.Message.ShouldBe("can't be serialized");

        await WriteAsync(notebook, "two");
        await StopAsync(notebook);
        (await ContentsAsync(Open("channel-1"))).Texts.ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Second_incarnation_that_has_overtaken_stops_the_first()
    {
        var first = Open("channel-1");
        await WriteAsync(first, "one");
        var second = Open("channel-1");
        (await WriteAsync(second, "two of the second")).ShouldBe(2);

        var stopped = Stopped(first);
        first.Tell(new Write("two of the first"));
        await stopped;

        (await WriteAsync(second, "three")).ShouldBe(3);
        await StopAsync(second);
        (await ContentsAsync(Open("channel-1"))).Texts.ShouldBe(["one", "two of the second", "three"]);
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
        await _test.Becomes(StorageState.Available);
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
        var system = PluginSystem.Create(typeof(SqliteJournal), typeof(SqliteSnapshotStore));
        system.RegisterExtension(new SqliteStorageProvider(_test.Store));
        return Task.FromResult(system);
    }

    private protected override async Task StopAsync() => await _test.DisposeAsync();

    private Task Stopped(IActorRef actor)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        System.ActorOf(Props.Create(() => new Watcher(actor, stopped)));
        return stopped.Task.Within("the actor to stop");
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef watched, TaskCompletionSource stopped)
        {
            Context.Watch(watched);
            Receive<Terminated>(_ => stopped.TrySetResult());
        }
    }
}
