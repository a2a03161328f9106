using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Patterns;

public sealed class AskTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public async Task Reply_is_the_result()
    {
        var echo = Sys.ActorOf<Echo>();
        (await echo.Ask("hello", TimeSpan.FromSeconds(3))).ShouldBe("hello");
        (await echo.Ask<int>(42)).ShouldBe(42);
    }

    [Fact]
    public async Task No_reply_in_time_is_a_time_out()
    {
        var silent = Sys.ActorOf<Silent>();
        await Should.ThrowAsync<AskTimeoutException>(() => silent.Ask<string>("hello", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Failure_faults_the_task()
    {
        var failing = Sys.ActorOf<Failing>();
        (await Should.ThrowAsync<InvalidDataException>(() => failing.Ask<string>("hello", TimeSpan.FromSeconds(3)))).Message.ShouldBe("no");
    }

    [Fact]
    public async Task Reply_of_another_type_faults_the_task()
    {
        var echo = Sys.ActorOf<Echo>();
        await Should.ThrowAsync<ArgumentException>(() => echo.Ask<int>("not a number", TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task Cancellation_cancels_the_task()
    {
        var silent = Sys.ActorOf<Silent>();
        using var source = new CancellationTokenSource();
        var task = silent.Ask<string>("hello", source.Token);
        source.Cancel();
        await Should.ThrowAsync<TaskCanceledException>(() => task);
    }

    [Fact]
    public async Task Late_reply_is_a_dead_letter()
    {
        var late = Sys.ActorOf<Late>();
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        await Should.ThrowAsync<AskTimeoutException>(() => late.Ask<string>("hello", TimeSpan.FromMilliseconds(20)));
        late.Tell("now");
        ExpectMsg<DeadLetter>().Message.ShouldBe("late");
    }

    [Fact]
    public async Task Message_may_carry_the_reference_that_takes_the_reply()
    {
        var target = Sys.ActorOf<ReplyTo>();
        (await target.Ask<string>(replyTo => new Request(replyTo), TimeSpan.FromSeconds(3), CancellationToken.None)).ShouldBe("yes");
    }

    [Fact]
    public async Task GracefulStop_waits_for_the_end()
    {
        var actor = Sys.ActorOf<Echo>();
        (await actor.GracefulStop(TimeSpan.FromSeconds(3))).ShouldBeTrue();
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // In Akka.NET the task completes.
    public async Task GracefulStop_of_an_actor_that_goes_on_is_cancelled()
    {
        var actor = Sys.ActorOf<Silent>();
        await Should.ThrowAsync<TaskCanceledException>(() => actor.GracefulStop(TimeSpan.FromMilliseconds(50), "please"));
    }

    private sealed record Request(IActorRef ReplyTo);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Silent : ReceiveActor
    {
        public Silent() => ReceiveAny(_ => { });
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => Sender.Tell(new Status.Failure(new InvalidDataException("no"))));
    }

    private sealed class Late : ReceiveActor
    {
        private IActorRef? _asker;

        public Late()
        {
            Receive<string>(s => s == "now", _ => _asker!.Tell("late"));
            ReceiveAny(_ => _asker = Sender);
        }
    }

    private sealed class ReplyTo : ReceiveActor
    {
        public ReplyTo() => Receive<Request>(request => request.ReplyTo.Tell("yes"));
    }
}
