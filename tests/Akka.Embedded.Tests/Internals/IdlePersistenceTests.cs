using Akka.Actor;
using Akka.Embedded.Tests.Persistence;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Internals;

public sealed class IdlePersistenceTests() : PersistenceTest(new StoreControl())
{
    [Fact]
    public void Idle_actor_holds_nothing_of_past_persists()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor("p", TestActor, null)));
        ExpectMessages("completed");

        actor.Tell(new Do(a => a.PersistAndTell("event")));
        ExpectMessages("event");

        var instance = ((ActorCell)actor).Actor!;
        AwaitAssert(() => typeof(Eventsourced)
            .GetField("_progress", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetValue(instance).ShouldBeNull());
    }
}
