using Akka.Actor;

namespace Akka.Embedded.Tests.Persistence;

public sealed class PersistFailureTests() : PersistenceTest(new StoreControl())
{
    [Fact]
    public void Failed_persist_calls_OnPersistFailure_then_stops_the_actor()
    {
        var actor = Started();
        Watch(actor);
        Stores.FailWrite = e => e is "bad" ? new InvalidOperationException("disk full") : null;

        actor.Tell(new Do(a => a.PersistAndTell("bad")));
        actor.Tell("never handled");

        ExpectMessages("failed bad 1: disk full", "stopped");
        ExpectTerminated(actor);
        ExpectNoMsg();
    }

    [Fact]
    public void Failed_persist_is_reported_for_the_first_event_of_the_batch_and_runs_no_handler()
    {
        var actor = Started();
        Stores.FailWrite = e => e is "3" ? new InvalidOperationException("disk full") : null;

        actor.Tell(new Do(a =>
        {
            a.PersistAndTell("1");
            a.DeferAsync("deferred", a.Tell);
            a.PersistAndTell("3");
        }));

        ExpectMessages("failed 1 1: disk full", "stopped");
        ExpectNoMsg();
    }

    [Fact]
    public void Failed_persist_sends_waiting_commands_to_dead_letters()
    {
        var actor = Started();
        var deadLetters = CreateTestProbe();
        Sys.EventStream.Subscribe(deadLetters, typeof(Event.DeadLetter));
        Stores.HoldWrites();
        Stores.FailWrite = _ => new InvalidOperationException("disk full");

        actor.Tell(new Do(a => a.PersistAndTell("bad")));
        actor.Tell("waiting");
        Stores.ReleaseWrites();

        deadLetters.ExpectMsg<Event.DeadLetter>(letter => letter.Message.ShouldBe("waiting"));
    }

    [Fact]
    public void Journal_that_throws_at_once_fails_the_persist()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor("p", TestActor, null)));
        ExpectMessages("completed");
        Stores.FailWrite = _ => throw new TimeoutException("at once");

        actor.Tell(new Do(a => a.PersistAndTell("bad")));

        ExpectMessages("failed bad 1: at once", "stopped");
    }

    [Fact]
    public void Rejected_persist_drops_its_handler_and_the_actor_goes_on()
    {
        var actor = Started();
        Stores.RejectWrite = e => e is "bad" ? new NotSupportedException("no such type") : null;

        actor.Tell(new Do(a =>
        {
            a.PersistAndTell("1");
            a.PersistAndTell("bad");
            a.PersistAndTell("3");
        }));
        actor.Tell("next");

        ExpectMessages("1", "rejected bad 2: no such type", "3", "next");
        EventsOf("p").ShouldBe(["1", "3"]);
    }

    [Fact]
    public void Rejected_persist_of_all_rejects_each_event()
    {
        var actor = Started();
        Stores.RejectWrite = e => e is "2" ? new NotSupportedException("no") : null;

        actor.Tell(new Do(a => a.PersistAll(["1", "2"], a.Tell)));
        actor.Tell("next");

        ExpectMessages("rejected 1 1: no", "rejected 2 2: no", "next");
        EventsOf("p").ShouldBeEmpty();
    }

    [Fact]
    public void Rejected_persist_tells_who_sent_the_command()
    {
        var actor = Sys.ActorOf(Props.Create(() => new AnsweringActor("p", TestActor)));
        ExpectMessages("completed");
        var sender = CreateTestProbe();
        Stores.RejectWrite = _ => new NotSupportedException("no");

        actor.Tell(new Do(a => a.PersistAndTell("bad")), sender);

        sender.ExpectMsg("refused bad");
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // A matter of the journal: that of Akka.NET in memory takes it.
    public void Event_whose_number_was_written_by_another_incarnation_fails()
    {
        var first = Started();
        var second = Started();
        first.Tell(new Do(a => a.PersistAndTell("first")));
        ExpectMessages("first");
        Watch(second);

        second.Tell(new Do(a => a.PersistAndTell("second")));

        ExpectMsg<string>(message => message.ShouldStartWith("failed second 1: "));
        ExpectMessages("stopped");
        ExpectTerminated(second);
        EventsOf("p").ShouldBe(["first"]);
    }

    [Fact]
    public void Command_that_throws_after_persist_restarts_the_actor_with_the_event_and_loses_no_command()
    {
        var actor = Started();
        Stores.HoldWrites();

        actor.Tell(new Do(a =>
        {
            a.PersistAndTell("event");
            throw new InvalidOperationException("thrown");
        }));
        actor.Tell("1");
        actor.Tell("2");
        Stores.ReleaseWrites();

        ExpectMessages("restarting: thrown", "stopped", "recovered event", "completed", "1", "2");
    }

    [Fact]
    public void Handler_that_throws_restarts_the_actor_and_loses_no_waiting_command()
    {
        var actor = Started();
        Stores.HoldWrites();

        actor.Tell(new Do(a =>
        {
            a.Persist("1", _ => throw new InvalidOperationException("thrown"));
            a.PersistAndTell("2");
        }));
        actor.Tell("next");
        actor.Tell("next but one");
        Stores.ReleaseWrites();

        ExpectMessages("restarting: thrown", "stopped", "recovered 1", "recovered 2", "completed", "next", "next but one");
    }

    [Fact]
    public void Restarted_actor_gets_back_what_its_stash_held()
    {
        var actor = Started();

        actor.Tell(new Do(a =>
        {
            a.ActorContext.Become(message =>
            {
                if (message is Do script)
                    script.Script(a);
                else
                    a.Stash.Stash();
                return true;
            });
        }));
        actor.Tell("stashed 1");
        actor.Tell("stashed 2");
        actor.Tell(new Do(_ => throw new InvalidOperationException("thrown")));
        actor.Tell("last");

        ExpectMessages("restarting: thrown", "stopped", "completed", "stashed 1", "stashed 2", "last");
    }

    [Fact]
    public void Actor_that_its_supervisor_resumes_goes_on_with_the_rest_of_the_batch()
    {
        var parent = Sys.ActorOf(Props.Create(() => new ResumingParent(TestActor)));
        ExpectMessages("completed");
        parent.Tell(new Do(a =>
        {
            a.PersistAndTell("1");
            a.Persist("2", _ => throw new InvalidOperationException("thrown"));
            a.DeferAsync("deferred", a.Tell);
            a.PersistAndTell("3");
        }));
        parent.Tell("next");

        ExpectMessages("1", "deferred", "3", "next");
    }

    [Fact]
    public void Actor_that_fails_while_a_write_is_under_way_runs_its_handlers_after_it_has_resumed()
    {
        var parent = Sys.ActorOf(Props.Create(() => new ResumingParent(TestActor)));
        ExpectMessages("completed");
        Stores.HoldWrites();
        parent.Tell(new Do(a => a.PersistAsync("1", a.Tell)));
        parent.Tell(new Do(_ =>
        {
            Stores.ReleaseWrites();
            throw new InvalidOperationException("thrown");
        }));
        parent.Tell("next");

        ReceiveN(2).ShouldBe(["1", "next"], ignoreOrder: true);
    }

    [Fact]
    public void Asynchronous_command_that_fails_restarts_the_actor_with_what_it_had_persisted()
    {
        var actor = Started();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        actor.Tell(new DoAsync(async a =>
        {
            await gate.Task;
            a.PersistAndTell("event");
            throw new InvalidOperationException("thrown");
        }));
        actor.Tell("next");
        gate.SetResult();

        ExpectMessages("restarting: thrown", "stopped", "recovered event", "completed", "next");
    }

    private IActorRef Started()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor("p", TestActor, null)));
        ExpectMessages("completed");
        return actor;
    }

    private sealed class AnsweringActor(string persistenceId, IActorRef observer) : ScriptedActor(persistenceId, observer)
    {
        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Sender.Tell($"refused {@event}");
    }

    private sealed class ResumingParent : ReceiveActor
    {
        public ResumingParent(IActorRef observer)
        {
            var child = Context.ActorOf(Props.Create(() => new ScriptedActor("resumed", observer, null)));
            ReceiveAny(child.Forward);
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Resume);
    }
}
