using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Internals;

public sealed class SimulationTests
{
    [Fact]
    public void Nothing_runs_before_it_is_told_to()
    {
        var (simulation, system) = Create(1);
        var seen = new List<string>();
        system.ActorOf(Props.Create(() => new Recorder(seen))).Tell("a");
        seen.ShouldBeEmpty();
        simulation.RunUntilIdle().ShouldBeGreaterThan(0);
        seen.ShouldBe(["a"]);
    }

    [Fact]
    public void Same_seed_gives_the_same_run_and_others_give_others()
    {
        var runs = Enumerable.Range(0, 20).Select(Gossip).ToArray();
        Gossip(0).ShouldBe(runs[0]);
        Gossip(13).ShouldBe(runs[13]);
        runs.Distinct().Count().ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Order_of_one_sender_is_kept_under_every_seed()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var (simulation, system) = Create(seed);
            var seen = new List<string>();
            var recorder = system.ActorOf(Props.Create(() => new Recorder(seen)));
            for (var i = 0; i < 20; i++)
                recorder.Tell($"{i:00}");
            simulation.RunUntilIdle();
            seen.ShouldBe(seen.Order());
        }
    }

    [Fact]
    public void Timers_and_timeouts_run_in_virtual_time()
    {
        var (simulation, system) = Create(3);
        var seen = new List<string>();
        system.ActorOf(Props.Create(() => new Clocked(seen)));
        simulation.Advance(TimeSpan.FromHours(1));
        seen.ShouldBe(
        [
            "00:10:00 tick", "00:20:00 tick", "00:30:00 tick", "00:35:00 timeout", "00:40:00 timeout", "00:45:00 timeout", "00:50:00 timeout",
            "00:55:00 timeout", "01:00:00 timeout",
        ]);
    }

    [Fact]
    public void Message_that_does_not_influence_the_receive_timeout_leaves_it_alone()
    {
        var (simulation, system) = Create(3);
        var seen = new List<string>();
        var actor = system.ActorOf(Props.Create(() => new TimeoutOnly(seen)));
        simulation.Advance(TimeSpan.FromMinutes(4));
        actor.Tell(new Identify(1), ActorRefs.Nobody);
        simulation.Advance(TimeSpan.FromMinutes(1));
        seen.Count.ShouldBe(1);
        simulation.Advance(TimeSpan.FromMinutes(3));
        actor.Tell("touch");
        simulation.Advance(TimeSpan.FromMinutes(4));
        seen.Count.ShouldBe(1);
        simulation.Advance(TimeSpan.FromMinutes(1));
        seen.Count.ShouldBe(2);
    }

    [Fact]
    public void Restarts_are_counted_within_their_window_of_virtual_time()
    {
        var (simulation, system) = Create(5);
        var restarts = new List<string>();
        var parent = system.ActorOf(Props.Create(() => new Windowed(restarts)));
        for (var i = 0; i < 6; i++)
        {
            parent.Tell("fail");
            simulation.Advance(TimeSpan.FromSeconds(40));
        }

        // Two a minute are allowed and there are three in two minutes, so it goes on for ever.
        restarts.Count.ShouldBe(6);
        for (var i = 0; i < 6; i++)
            parent.Tell("fail");
        simulation.Advance(TimeSpan.FromSeconds(1));
        restarts.Count.ShouldBeLessThan(9);
    }

    [Fact]
    public void Ask_times_out_in_virtual_time()
    {
        var (simulation, system) = Create(8);
        var answer = system.DeadLetters.Ask<string>("anybody?", TimeSpan.FromHours(5));
        simulation.Advance(TimeSpan.FromHours(4));
        answer.IsCompleted.ShouldBeFalse();
        simulation.Advance(TimeSpan.FromHours(1));
        answer.Exception!.InnerException.ShouldBeOfType<AskTimeoutException>();
    }

    private static (Simulation Simulation, ActorSystem System) Create(int seed)
    {
        var simulation = new Simulation(seed);
        var system = ActorSystem.Create("sim", ActorSystemSetup.Create(simulation.Setup, new LoggingSetup { Enabled = false }));
        return (simulation, system);
    }

    /// <summary>Actors that pass rumours on at random, with timers and a failure; the result is who heard what, in which order.</summary>
    private static string Gossip(int seed)
    {
        var (simulation, system) = Create(seed);
        var heard = new List<string>();
        var gossips = new List<IActorRef>();
        for (var i = 0; i < 8; i++)
            gossips.Add(system.ActorOf(Props.Create(() => new Gossiper(gossips, heard, simulation.Random)), $"g{i}"));
        foreach (var gossip in gossips)
            gossip.Tell(0);
        simulation.Advance(TimeSpan.FromSeconds(10));
        return string.Join(' ', heard);
    }

    private sealed class Recorder : ReceiveActor
    {
        public Recorder(List<string> seen) => Receive<string>(seen.Add);
    }

    private sealed class Gossiper : ReceiveActor, IWithTimers
    {
        public Gossiper(List<IActorRef> gossips, List<string> heard, Random random) => Receive<int>(n =>
        {
            heard.Add($"{Self.Path.Name}:{n}");
            if (n == 3 && random.Next(4) == 0)
                throw new InvalidOperationException("on purpose");
            if (n >= 5)
                return;
            gossips[random.Next(gossips.Count)].Tell(n + 1);
            Timers.StartSingleTimer(n, n + 2, TimeSpan.FromMilliseconds(random.Next(1000)));
        });

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Clocked : ReceiveActor, IWithTimers
    {
        private int _ticks;

        public Clocked(List<string> seen)
        {
            Receive<string>(s =>
            {
                seen.Add($"{Context.System.Uptime:hh\\:mm\\:ss} {s}");
                if (++_ticks < 3)
                    return;
                Timers.CancelAll();
                SetReceiveTimeout(TimeSpan.FromMinutes(5));
            });
            Receive<ReceiveTimeout>(_ => seen.Add($"{Context.System.Uptime:hh\\:mm\\:ss} timeout"));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("key", "tick", TimeSpan.FromMinutes(10));
    }

    private sealed class TimeoutOnly : ReceiveActor
    {
        public TimeoutOnly(List<string> seen)
        {
            SetReceiveTimeout(TimeSpan.FromMinutes(5));
            Receive<ReceiveTimeout>(_ => seen.Add("timeout"));
            ReceiveAny(_ => { });
        }
    }

    private sealed class Windowed : ReceiveActor
    {
        public Windowed(List<string> restarts)
        {
            var child = Context.ActorOf(Props.Create(() => new Failing(restarts)));
            ReceiveAny(child.Forward);
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart);
    }

    private sealed class Failing : ReceiveActor
    {
        private readonly List<string> _restarts;

        public Failing(List<string> restarts)
        {
            _restarts = restarts;
            ReceiveAny(_ => throw new InvalidOperationException("on purpose"));
        }

        protected override void PostRestart(Exception reason) => _restarts.Add(reason.Message);
    }
}
