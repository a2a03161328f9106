using Akka.Actor;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Persistence;

public sealed class SnapshotTests() : PersistenceTest(new StoreControl())
{
    [Fact]
    public void Saved_snapshot_is_acknowledged_with_its_sequence_number_and_time()
    {
        var actor = WithEvents(3);

        actor.Tell(new Do(a => a.SaveSnapshot("state")));

        var metadata = ExpectMsg<SaveSnapshotSuccess>().Metadata;
        metadata.PersistenceId.ShouldBe("p");
        metadata.SequenceNr.ShouldBe(3);
        metadata.Timestamp.ShouldBeGreaterThan(DateTime.MinValue);
    }

    [Fact]
    public void Snapshot_that_cannot_be_saved_is_reported_and_the_actor_goes_on()
    {
        var actor = WithEvents(1);
        Stores.FailSnapshots = new InvalidOperationException("full");

        actor.Tell(new Do(a => a.SaveSnapshot("state")));
        ExpectMsg<SaveSnapshotFailure>(failure => failure.Cause.Message.ShouldBe("full"));
        actor.Tell("next");

        ExpectMessages("next");
    }

    [Fact]
    public void Loaded_snapshot_comes_as_a_message()
    {
        var actor = WithEvents(1);
        actor.Tell(new Do(a => a.SaveSnapshot("state")));
        ExpectMsg<SaveSnapshotSuccess>();

        actor.Tell(new Do(a => a.LoadSnapshot("p", SnapshotSelectionCriteria.Latest, long.MaxValue)));
        ExpectMsg<LoadSnapshotResult>(result => result.Snapshot!.Snapshot.ShouldBe("state"));
        actor.Tell(new Do(a => a.LoadSnapshot("nobody", SnapshotSelectionCriteria.Latest, long.MaxValue)));
        ExpectMsg<LoadSnapshotResult>(result => result.Snapshot.ShouldBeNull());
    }

    [Fact]
    public void Deleted_snapshot_is_not_offered_any_more()
    {
        var actor = WithSnapshotsAfterEachOf(2);

        actor.Tell(new Do(a => a.DeleteSnapshot(2)));
        ExpectMsg<DeleteSnapshotSuccess>(success => success.Metadata.SequenceNr.ShouldBe(2));

        Recreate(actor);
        ExpectMessages("offered 1", "recovered 2", "completed");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET's store in memory deletes those below the lower bound too.
    public void Deleted_snapshots_are_those_that_meet_the_criteria()
    {
        var actor = WithSnapshotsAfterEachOf(4);
        var criteria = new SnapshotSelectionCriteria(3, DateTime.MaxValue, 2);

        actor.Tell(new Do(a => a.DeleteSnapshots(criteria)));
        ExpectMsg(new DeleteSnapshotsSuccess(criteria));
        actor.Tell(new Do(a => a.LoadSnapshot("p", new SnapshotSelectionCriteria(3), long.MaxValue)));

        ExpectMsg<LoadSnapshotResult>(result => result.Snapshot!.Metadata.SequenceNr.ShouldBe(1));
    }

    [Fact]
    public void Snapshots_that_cannot_be_deleted_are_reported()
    {
        var actor = WithEvents(1);
        Stores.FailSnapshots = new InvalidOperationException("no");

        actor.Tell(new Do(a => a.DeleteSnapshot(1)));
        actor.Tell(new Do(a => a.DeleteSnapshots(SnapshotSelectionCriteria.Latest)));

        ExpectMsg<DeleteSnapshotFailure>(failure => failure.Cause.Message.ShouldBe("no"));
        ExpectMsg<DeleteSnapshotsFailure>(failure => failure.Cause.Message.ShouldBe("no"));
    }

    [Fact]
    public void Deleted_events_are_not_replayed_but_their_numbers_are_not_used_again()
    {
        var actor = WithEvents(5);

        actor.Tell(new Do(a => a.DeleteMessages(3)));
        ExpectMsg(new DeleteMessagesSuccess(3));
        Recreate(actor);
        ExpectMessages("recovered 4", "recovered 5", "completed");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET answers with the highest number.
    public void Deletion_of_all_events_keeps_the_highest_sequence_number()
    {
        var actor = WithEvents(5);

        actor.Tell(new Do(a => a.DeleteMessages(long.MaxValue)));
        ExpectMsg(new DeleteMessagesSuccess(long.MaxValue));
        var next = Recreate(actor);
        ExpectMessages("completed");
        next.Tell(new Do(a => a.Persist("next", _ => a.Tell(a.LastSequenceNr))));

        ExpectMessages(6L);
    }

    [Fact]
    public void Deletion_of_events_that_do_not_exist_yet_is_refused()
    {
        var actor = WithEvents(2);

        actor.Tell(new Do(a => a.DeleteMessages(3)));

        ExpectMsg<DeleteMessagesFailure>(failure => failure.ToSequenceNr.ShouldBe(3));
    }

    [Fact]
    public void Events_that_cannot_be_deleted_are_reported_and_the_actor_goes_on()
    {
        var actor = WithEvents(2);
        Stores.FailDelete = new InvalidOperationException("no");

        actor.Tell(new Do(a => a.DeleteMessages(2)));
        ExpectMsg<DeleteMessagesFailure>(failure => failure.Cause.Message.ShouldBe("no"));
        actor.Tell("next");

        ExpectMessages("next");
    }

    private IActorRef WithEvents(int events)
    {
        var actor = Create();
        ExpectMessages("completed");
        actor.Tell(new Do(a =>
        {
            a.PersistAll(Enumerable.Range(1, events), _ => { });
            a.DeferAsync("written", a.Tell);
        }));
        ExpectMessages("written");
        return actor;
    }

    private IActorRef WithSnapshotsAfterEachOf(int events)
    {
        var actor = Create();
        ExpectMessages("completed");
        for (var i = 1; i <= events; i++)
        {
            var number = i;
            actor.Tell(new Do(a => a.Persist(number, _ => a.SaveSnapshot(number))));
            ExpectMsg<SaveSnapshotSuccess>();
        }

        return actor;
    }

    private IActorRef Recreate(IActorRef actor)
    {
        Sys.Stop(actor);
        ExpectMessages("stopped");
        return Create();
    }

    private IActorRef Create() => Sys.ActorOf(Props.Create(() => new ScriptedActor("p", TestActor, null)));
}
