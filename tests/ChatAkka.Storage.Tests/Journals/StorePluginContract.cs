using Akka.Actor;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What the plugins must do for persistent actors over every store, beyond what any plugins must.</summary>
public abstract class StorePluginContract<TStore> : JournalPluginContract where TStore : TestedStore, new()
{
    private readonly TStore _tested = new();

    [SkippableFact]
    public async Task Reader_sees_what_actors_persisted()
    {
        var reader = _tested.Store.Timelines;
        await WriteAsync(Open("channel-1"), "one", "two", "three");

        var page = await reader.ReadAsync("channel-1", 1, 3, 2, backward: true, CancellationToken.None);
        var heads = await reader.HeadsAsync(["channel-1", "channel-2"], CancellationToken.None);

        page.Select(row => row.SequenceNr).ShouldBe([3, 2]);
        page[0].Payload.ShouldBe("three"u8.ToArray());
        heads.ShouldHaveSingleItem().ShouldBe(page[0] with { Payload = heads[0].Payload });
    }

    [SkippableFact]
    public async Task Event_that_cannot_be_serialized_is_rejected_and_the_actor_goes_on()
    {
        var notebook = Open("channel-1");
        await WriteAsync(notebook, "one");

        (await notebook.Ask<Rejected>(new Write(Noted.Unserializable), Patience)).Cause.Message.ShouldBe("can't be serialized");

        await WriteAsync(notebook, "two");
        await StopAsync(notebook);
        (await ContentsAsync(Open("channel-1"))).Texts.ShouldBe(["one", "two"]);
    }

    [SkippableFact]
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

    private protected override async Task<ActorSystem> StartAsync()
    {
        await _tested.OpenAsync(new StorageOptions(), TimeProvider.System);
        return PluginSystem.Create(_tested.Store);
    }

    private protected override async Task StopAsync() => await _tested.DisposeAsync();
}
