using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Embedded.Tests.Shutdown;

public sealed class CoordinatedShutdownTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public async Task Phases_run_in_order_and_the_system_ends()
    {
        var ran = new ConcurrentQueue<string>();
        var shutdown = CoordinatedShutdown.Get(Sys);
        string[] phases =
        [
            CoordinatedShutdown.PhaseBeforeServiceUnbind,
            CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone,
            CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeClusterShutdown,
            CoordinatedShutdown.PhaseClusterShardingShutdownRegion,
            CoordinatedShutdown.PhaseClusterLeave,
            CoordinatedShutdown.PhaseClusterExiting,
            CoordinatedShutdown.PhaseClusterExitingDone,
            CoordinatedShutdown.PhaseClusterShutdown,
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        ];
        foreach (var phase in phases.Reverse())
            shutdown.AddTask(phase, "note", () => Note(ran, phase));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        ran.ShouldBe(phases);
        Sys.WhenTerminated.IsCompleted.ShouldBeTrue();
        shutdown.ShutdownReason.ShouldBe(CoordinatedShutdown.UnknownReason.Instance);
    }

    [Fact]
    public async Task Second_run_is_the_first_one()
    {
        var ran = new ConcurrentQueue<string>();
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note(ran, "once"));
        await Task.WhenAll(
            shutdown.Run(CoordinatedShutdown.UnknownReason.Instance),
            shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance),
            Sys.Terminate());
        ran.ShouldBe(["once"]);
    }

    [Fact]
    public async Task Failing_task_does_not_stop_the_others()
    {
        var ran = new ConcurrentQueue<string>();
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fail", () => Task.FromException<Done>(new InvalidDataException("no")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "throw", () => throw new InvalidDataException("no"));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "note", () => Note(ran, "later"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        ran.ShouldBe(["later"]);
    }

    [Fact]
    public async Task Tasks_of_one_phase_run_at_the_same_time()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "first", () => Meet(first, second.Task));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "second", () => Meet(second, first.Task));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Run_from_a_phase_skips_those_before()
    {
        var ran = new ConcurrentQueue<string>();
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note(ran, "early"));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "note", () => Note(ran, "late"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseBeforeClusterShutdown);
        ran.ShouldBe(["late"]);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET throws ConfigurationException.
    public void Unknown_phase_is_refused() =>
        Should.Throw<ArgumentException>(() => CoordinatedShutdown.Get(Sys).AddTask("lunch", "eat", () => Task.FromResult(Done.Instance)));

    [Fact]
    public async Task Termination_callbacks_run_in_reverse_order()
    {
        var ran = new ConcurrentQueue<string>();
        Sys.RegisterOnTermination(() => ran.Enqueue("first"));
        Sys.RegisterOnTermination(() => ran.Enqueue("second"));
        await Sys.Terminate();
        ran.ShouldBe(["second", "first"]);
    }

    [Fact]
    public async Task Actor_can_not_be_created_in_a_terminated_system()
    {
        await Sys.Terminate();
        Should.Throw<InvalidOperationException>(() => Sys.ActorOf(Props.Create(() => new Idle())));
    }

    private static Task<Done> Note(ConcurrentQueue<string> ran, string text)
    {
        ran.Enqueue(text);
        return Task.FromResult(Done.Instance);
    }

    private static async Task<Done> Meet(TaskCompletionSource here, Task there)
    {
        here.SetResult();
        await there;
        return Done.Instance;
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }
}
