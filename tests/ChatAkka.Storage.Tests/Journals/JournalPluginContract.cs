using Akka.Actor;
using Akka.Persistence;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>
/// What every pair of journal and snapshot store must do for persistent actors. A pair joins by deriving one class that makes
/// an actor system which uses it.
/// </summary>
public abstract class JournalPluginContract : NotebookTest
{
    [SkippableFact]
    public async Task Actor_recovers_what_it_persisted_in_order()
    {
        var notebook = Open("channel-1");
        (await WriteAsync(notebook, "하나")).ShouldBe(1);
        (await WriteAsync(notebook, "둘", "셋 😀", "")).ShouldBe(4);
        await StopAsync(notebook);

        var contents = await ContentsAsync(Open("channel-1"));

        contents.Texts.ShouldBe(["하나", "둘", "셋 😀", ""]);
        (contents.LastSequenceNr, contents.Replayed).ShouldBe((4, 4));
    }

    [SkippableFact]
    public async Task Actor_without_events_starts_empty() => (await ContentsAsync(Open("channel-1"))).LastSequenceNr.ShouldBe(0);

    [SkippableFact]
    public async Task A_thousand_actors_persist_at_once()
    {
        IActorRef[] notebooks = [.. Enumerable.Range(0, 1_000).Select(i => Open($"channel-{i}"))];

        await Task.WhenAll(notebooks.Select(async notebook =>
        {
            for (var i = 1; i <= 5; i++)
            {
                (await WriteAsync(notebook, $"text {i}")).ShouldBe(i);
            }
        }));
        await Task.WhenAll(notebooks.Select(StopAsync));

        var contents = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => ContentsAsync(Open($"channel-{i}"))));
        contents.ShouldAllBe(content => content.Texts.Count == 5 && content.Texts[4] == "text 5");
    }

    [SkippableFact]
    public async Task Actor_that_restarts_during_its_write_recovers_it()
    {
        for (var i = 1; i <= 20; i++)
        {
            var notebook = Open("channel-1");
            notebook.Tell(new Write($"text {i}"));
            await StopAsync(notebook);
        }

        var contents = await ContentsAsync(Open("channel-1"));
        contents.Texts.Count.ShouldBe((int)contents.LastSequenceNr);
        contents.Texts.ShouldBe(contents.Texts.Distinct());
    }

    [SkippableFact]
    public async Task Recovery_from_a_snapshot_replays_only_what_came_after()
    {
        var notebook = Open("channel-1");
        await WriteAsync(notebook, "one", "two");
        var saved = await notebook.Ask<SaveSnapshotSuccess>(new TakeSnapshot(), Patience);
        await WriteAsync(notebook, "three");
        await StopAsync(notebook);

        var contents = await ContentsAsync(Open("channel-1"));

        contents.Texts.ShouldBe(["one", "two", "three"]);
        (contents.LastSequenceNr, contents.Replayed).ShouldBe((3, 1));
        contents.SnapshotAt.ShouldBe(saved.Metadata.Timestamp);
    }

    [SkippableFact]
    public async Task Deletion_of_events_keeps_the_highest_sequence_nr()
    {
        var notebook = Open("channel-1");
        await WriteAsync(notebook, "one", "two", "three");
        await notebook.Ask<DeleteMessagesSuccess>(new Forget(3), Patience);
        await StopAsync(notebook);

        var again = Open("channel-1");
        var contents = await ContentsAsync(again);
        contents.Texts.ShouldBeEmpty();
        contents.LastSequenceNr.ShouldBe(3);
        (await WriteAsync(again, "four")).ShouldBe(4);
    }
}
