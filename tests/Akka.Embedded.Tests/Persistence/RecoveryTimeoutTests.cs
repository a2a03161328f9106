using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Persistence;

public sealed class RecoveryTimeoutTests
{
    private static readonly TimeSpan EventTimeout = TimeSpan.FromSeconds(20);

    private readonly Simulation _simulation = new(1);
    private readonly SlowStore _store = new();
    private readonly List<string> _observed = [];
    private readonly ActorSystem _system;

    public RecoveryTimeoutTests() => _system = ActorSystem.Create("timeouts", ActorSystemSetup.Create(
        _simulation.Setup,
        PersistenceSetup.Create()
            .WithJournal(_ => Props.Create(() => new SlowJournal(_store)))
            .WithRecoveryEventTimeout(EventTimeout)));

    [Fact]
    public void Recovery_without_an_answer_fails_after_the_event_timeout()
    {
        Create();

        _simulation.Advance(EventTimeout * 0.9);
        _observed.ShouldBeEmpty();
        _simulation.Advance(EventTimeout * 0.4);

        _observed.ShouldBe(["RecoveryTimedOutException", "stopped"]);
    }

    [Fact]
    public void Recovery_that_gets_events_may_take_longer_than_the_event_timeout()
    {
        Create();

        for (var i = 1; i <= 5; i++)
        {
            _store.Replayed!(new Persistent(i, i, "slow"));
            _simulation.Advance(EventTimeout * 0.7);
        }

        EndReplay();
        _observed.ShouldBe(["1", "2", "3", "4", "5", "RecoveryCompleted"]);
    }

    [Fact]
    public void Answer_after_the_timeout_is_ignored()
    {
        Create();
        _simulation.Advance(EventTimeout * 2);

        _store.Replayed!(new Persistent("late", 1, "slow"));
        EndReplay();

        _observed.ShouldBe(["RecoveryTimedOutException", "stopped"]);
    }

    [Fact]
    public void Recovered_actor_is_not_timed_out()
    {
        Create();
        EndReplay();

        _simulation.Advance(EventTimeout * 10);

        _observed.ShouldBe(["RecoveryCompleted"]);
    }

    private void Create()
    {
        _system.ActorOf(Props.Create(() => new Recovering(_observed)));
        _simulation.RunUntilIdle();
        _store.Replayed.ShouldNotBeNull();
    }

    /// <summary>In the simulation, on whose thread the continuations are to run.</summary>
    private void EndReplay()
    {
        _system.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, _store.Ended.SetResult);
        _simulation.Advance(TimeSpan.FromMilliseconds(1));
    }

    private sealed class SlowStore
    {
        public Action<IPersistentRepresentation>? Replayed { get; set; }

        public TaskCompletionSource Ended { get; } = new();
    }

    private sealed class SlowJournal(SlowStore store) : AsyncWriteJournal
    {
        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) => Task.FromResult(100L);

        public override Task ReplayMessagesAsync(
            IActorContext context,
            string persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            long max,
            Action<IPersistentRepresentation> recoveryCallback)
        {
            store.Replayed = recoveryCallback;
            return store.Ended.Task;
        }

        protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages) =>
            throw new NotSupportedException();

        protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => throw new NotSupportedException();
    }

    private sealed class Recovering(List<string> observed) : UntypedPersistentActor
    {
        public override string PersistenceId => "slow";

        protected override void OnCommand(object message) => observed.Add($"command {message}");

        protected override void OnRecover(object message) =>
            observed.Add(message is RecoveryCompleted ? nameof(RecoveryCompleted) : message.ToString()!);

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => observed.Add(reason.GetType().Name);

        protected override void PostStop() => observed.Add("stopped");
    }
}
