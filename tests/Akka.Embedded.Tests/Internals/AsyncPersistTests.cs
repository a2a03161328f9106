using Akka.Actor;
using Akka.Embedded.Tests.Persistence;

namespace Akka.Embedded.Tests.Internals;

public sealed class AsyncPersistTests() : PersistenceTest(new StoreControl())
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Write_that_is_answered_while_an_asynchronous_command_ends_is_not_forgotten()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor("p", TestActor, null)));
        ExpectMessages("completed");
        Stores.HoldWrites();

        actor.Tell(new DoAsync(async a =>
        {
            a.PersistAndTell("event");
            await Task.Yield();

            // The answer comes while the command still runs, so it stands before the word that the command has ended.
            Stores.ReleaseWrites();
            SpinWait.SpinUntil(() => ((ActorCell)actor).HasSystemMessages, Patience).ShouldBeTrue("the journal answers");
        }));
        actor.Tell("next");

        ExpectMessages("event", "next");
    }
}
