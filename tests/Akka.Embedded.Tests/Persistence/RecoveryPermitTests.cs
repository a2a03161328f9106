using Akka.Actor;
using Akka.Persistence;
using ChatAkka.Tests;

namespace Akka.Embedded.Tests.Persistence;

public sealed class RecoveryPermitTests() : PersistenceTest(
    new StoreControl(),
    ((PersistenceSetup)DefaultPlugins.Of(typeof(ControlledJournal), typeof(ControlledSnapshotStore))).WithMaxConcurrentRecoveries(2))
{
    [Fact]
    public void Recovery_above_the_cap_waits_for_a_permit()
    {
        Stores.HoldReplays();
        var actors = CreateActors(5);
        AwaitCondition(() => HoldersOf(actors) == 2);
        ExpectNoMsg();
        HoldersOf(actors).ShouldBe(2);

        Stores.ReleaseReplays();

        ExpectMessages("completed", "completed", "completed", "completed", "completed");
        HoldersOf(actors).ShouldBe(0);
    }

    [Fact]
    public void Permit_of_an_actor_that_stops_while_it_recovers_is_passed_on()
    {
        Stores.HoldReplays();
        var actors = CreateActors(3);
        AwaitCondition(() => HoldersOf(actors) == 2 && actors.All(actor => SessionOf(actor) is not null));
        var waiting = actors.Single(actor => SessionOf(actor)?.Permit == RecoveryPermitState.Waiting);

        Sys.Stop(actors.First(actor => actor != waiting));

        AwaitCondition(() => SessionOf(waiting)?.Permit == RecoveryPermitState.Held);
        Stores.ReleaseReplays();
    }

    [Fact]
    public void Actor_that_stops_while_it_waits_for_a_permit_takes_none()
    {
        Stores.HoldReplays();
        var actors = CreateActors(4);
        AwaitCondition(() => HoldersOf(actors) == 2 && actors.All(actor => SessionOf(actor) is not null));
        var waiting = actors.First(actor => SessionOf(actor)?.Permit == RecoveryPermitState.Waiting);
        Watch(waiting);
        Sys.Stop(waiting);
        ExpectMessages("stopped");
        ExpectTerminated(waiting);

        Stores.ReleaseReplays();

        ExpectMessages("completed", "completed", "completed");
        ExpectNoMsg();
    }

    [Fact]
    public void Permits_of_failed_recoveries_are_given_back()
    {
        Stores.FailReadHighest = new InvalidOperationException("unreadable");
        CreateActors(5);
        ReceiveN(10);
        Stores.FailReadHighest = null;

        CreateActors(5);

        ExpectMessages("completed", "completed", "completed", "completed", "completed");
    }

    private static int HoldersOf(IEnumerable<ActorCell> actors) =>
        actors.Count(actor => SessionOf(actor)?.Permit == RecoveryPermitState.Held);

    private static RecoverySession? SessionOf(ActorCell actor) => actor.Actor is Eventsourced persistent ? persistent.Session : null;

    private List<ActorCell> CreateActors(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (ActorCell)Sys.ActorOf(
            Props.Create(() => new ScriptedActor($"p{Guid.NewGuid():N}", TestActor, null))))];
}
