using Akka.Actor;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Persistence;

public sealed class PersistTests() : PersistenceTest(new StoreControl())
{
    [Fact]
    public void Persist_of_several_events_calls_handlers_in_order_after_storing()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.PersistAndTell("1");
            a.PersistAndTell("2");
            a.PersistAndTell("3");
            a.Tell("returned");
        }));

        ExpectMessages("returned", "1", "2", "3");
        EventsOf("p").ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public void Command_after_persist_waits_for_the_handler()
    {
        var actor = Started();
        Stores.HoldWrites();

        actor.Tell(new Do(a => a.PersistAndTell("event")));
        actor.Tell("next");
        actor.Tell("next but one");
        ExpectNoMsg();
        Stores.ReleaseWrites();

        ExpectMessages("event", "next", "next but one");
    }

    [Fact]
    public void Commands_that_persist_while_others_wait_keep_their_order()
    {
        var actor = Started();

        for (var i = 0; i < 100; i++)
        {
            var number = i;
            actor.Tell(new Do(a => a.PersistAndTell(number)));
            actor.Tell($"after {number}");
        }

        for (var i = 0; i < 100; i++)
            ExpectMessages(i, $"after {i}");
    }

    [Fact]
    public void Persist_within_a_handler_runs_after_the_outer_handlers_and_before_the_next_command()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.Persist("outer-1", e =>
            {
                a.Tell(e);
                a.PersistAndTell("inner-1");
            });
            a.Persist("outer-2", e =>
            {
                a.Tell(e);
                a.PersistAndTell("inner-2");
            });
        }));
        actor.Tell("next");

        ExpectMessages("outer-1", "outer-2", "inner-1", "inner-2", "next");
    }

    [Fact]
    public void PersistAsync_lets_commands_pass_and_keeps_the_order_of_events()
    {
        var actor = Started();
        Stores.HoldWrites();

        actor.Tell(new Do(a =>
        {
            a.PersistAsync("1", a.Tell);
            a.PersistAsync("2", a.Tell);
        }));
        actor.Tell("next");
        ExpectMessages("next");
        Stores.ReleaseWrites();

        ExpectMessages("1", "2");
    }

    [Fact]
    public void PersistAsync_while_a_write_is_under_way_makes_one_batch_of_the_rest()
    {
        var actor = Started();
        Stores.HoldWrites();

        for (var i = 0; i < 10; i++)
        {
            var number = i;
            actor.Tell(new Do(a => a.PersistAsync<object>(number, a.Tell)));
        }

        actor.Tell("all handled");
        ExpectMessages("all handled");
        Stores.ReleaseWrites();

        ExpectMessages(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Stores.Batches.ShouldBe([1, 9]);
    }

    [Fact]
    public void PersistAll_stores_its_events_as_one_atomic_write()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.PersistAll(["1", "2", "3"], a.Tell);
            a.PersistAndTell("4");
        }));

        ExpectMessages("1", "2", "3", "4");
        Stores.AtomicWrites.ShouldBe([["1", "2", "3"], ["4"]]);
    }

    [Fact]
    public void PersistAll_of_nothing_stores_nothing_and_goes_on()
    {
        var actor = Started();

        actor.Tell(new Do(a => a.PersistAll(Array.Empty<string>(), a.Tell)));
        actor.Tell("next");

        ExpectMessages("next");
        Stores.Batches.ShouldBeEmpty();
    }

    [Fact]
    public void PersistAllAsync_lets_commands_pass()
    {
        var actor = Started();
        Stores.HoldWrites();

        actor.Tell(new Do(a => a.PersistAllAsync(["1", "2"], a.Tell)));
        actor.Tell("next");
        ExpectMessages("next");
        Stores.ReleaseWrites();

        ExpectMessages("1", "2");
    }

    [Fact]
    public void DeferAsync_runs_after_the_handlers_of_earlier_events()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.PersistAsync("1", a.Tell);
            a.DeferAsync("deferred-1", a.Tell);
            a.PersistAndTell("2");
            a.DeferAsync("deferred-2", a.Tell);
            a.DeferAsync("deferred-3", a.Tell);
            a.PersistAndTell("3");
        }));

        ExpectMessages("1", "deferred-1", "2", "deferred-2", "deferred-3", "3");
        EventsOf("p").ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public void DeferAsync_with_nothing_pending_runs_at_once()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.DeferAsync("deferred", a.Tell);
            a.Tell("returned");
        }));

        ExpectMessages("deferred", "returned");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET runs the next command first.
    public void DeferAsync_within_a_handler_runs_after_that_handler()
    {
        var actor = Started();

        actor.Tell(new Do(a => a.Persist("event", _ =>
        {
            a.DeferAsync("deferred", a.Tell);
            a.Tell("handler returned");
        })));
        actor.Tell("next");

        ExpectMessages("handler returned", "deferred", "next");
    }

    [Fact]
    public void Handler_sees_the_sender_of_its_command()
    {
        var actor = Started();
        var first = CreateTestProbe();
        var second = CreateTestProbe();
        Stores.HoldWrites();

        actor.Tell(new Do(a => a.PersistAsync("1", e => a.CommandSender.Tell(e))), first);
        actor.Tell(new Do(a => a.PersistAsync("2", e => a.CommandSender.Tell(e))), second);
        Stores.ReleaseWrites();

        first.ExpectMsg("1");
        second.ExpectMsg("2");
    }

    [Fact]
    public void LastSequenceNr_counts_the_events_whose_handlers_have_been_called()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.Persist("1", _ => a.Tell(a.LastSequenceNr));
            a.Persist("2", _ => a.Tell(a.LastSequenceNr));
            a.Tell(a.LastSequenceNr);
        }));

        ExpectMessages(0L, 1L, 2L);
    }

    [Fact]
    public void Persist_of_a_value_type_calls_its_handler()
    {
        var actor = Started();

        actor.Tell(new Do(a => a.Persist(42, e => a.Tell(e))));

        ExpectMessages(42);
    }

    [Fact]
    public void User_stash_comes_before_the_commands_that_wait_for_a_persist()
    {
        var actor = Started();

        actor.Tell(new Do(a => a.Stash.Stash()));
        actor.Tell(new Do(a => a.Persist("event", e =>
        {
            a.Tell(e);
            a.ActorContext.Become(message =>
            {
                a.Tell(message is Do ? "unstashed" : message);
                return true;
            });
            a.Stash.UnstashAll();
        })));
        actor.Tell("waiting");

        ExpectMessages("event", "unstashed", "waiting");
    }

    [Fact]
    public void Asynchronous_command_that_persists_after_an_await_holds_the_next_command()
    {
        var actor = Started();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        actor.Tell(new DoAsync(async a =>
        {
            a.PersistAndTell("before");
            await gate.Task;
            a.PersistAndTell("after");
            a.Tell("returned");
        }));
        actor.Tell("next");
        ExpectNoMsg();
        gate.SetResult();

        ExpectMessages("returned", "before", "after", "next");
    }

    [Fact]
    public void Persist_handlers_wait_for_the_asynchronous_command_that_is_under_way()
    {
        var actor = Started();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stores.HoldWrites();

        actor.Tell(new Do(a => a.PersistAsync("event", a.Tell)));
        actor.Tell(new DoAsync(async a =>
        {
            a.Tell("began");
            await gate.Task;
            a.Tell("ended");
        }));
        ExpectMessages("began");
        Stores.ReleaseWrites();
        AwaitCondition(() => EventsOf("p").Count == 1);
        ExpectNoMsg();
        gate.SetResult();

        ExpectMessages("ended", "event");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET stops at once: a poison pill is not stashed with the commands.
    public void Poison_pill_behind_a_persist_stops_the_actor_after_the_commands_before_it()
    {
        var actor = Started();
        Watch(actor);
        Stores.HoldWrites();

        actor.Tell(new Do(a => a.PersistAndTell("event")));
        actor.Tell("last");
        actor.Tell(PoisonPill.Instance);
        Stores.ReleaseWrites();

        ExpectMessages("event", "last", "stopped");
        ExpectTerminated(actor);
    }

    [Fact]
    public void Actor_that_stops_in_a_handler_calls_no_further_handlers()
    {
        var actor = Started();
        Watch(actor);

        actor.Tell(new Do(a =>
        {
            a.Persist("1", e =>
            {
                a.Tell(e);
                a.ActorContext.Stop(a.ActorContext.Self);
            });
            a.PersistAndTell("2");
        }));

        ExpectMessages("1", "stopped");
        ExpectTerminated(actor);
        EventsOf("p").ShouldBe(["1", "2"]);
    }

    [Fact]
    public void Persist_outside_a_batch_under_way_is_stored_after_it()
    {
        var actor = Started();
        Stores.HoldWrites();

        actor.Tell(new Do(a => a.PersistAsync("1", e =>
        {
            a.Tell(e);
            a.PersistAsync("3", a.Tell);
        })));
        actor.Tell(new Do(a => a.PersistAndTell("2")));
        actor.Tell("next");
        Stores.ReleaseWrites();

        ExpectMessages("1", "2");
        ReceiveN(2).ShouldBe(["3", "next"], ignoreOrder: true);
        EventsOf("p").ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET recovers it.
    public void Actor_without_persistence_id_is_stopped()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor("", TestActor, null)));
        Watch(actor);

        ExpectTerminated(actor);
    }

    private IActorRef Started()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor("p", TestActor, null)));
        ExpectMessages("completed");
        return actor;
    }
}
