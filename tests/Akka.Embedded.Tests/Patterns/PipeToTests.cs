using Akka.Actor;

namespace Akka.Embedded.Tests.Patterns;

public sealed class PipeToTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Result_is_sent()
    {
        Task.FromResult(42).PipeTo(TestActor);
        ExpectMsg(42);
    }

    [Fact]
    public void Exception_is_sent_as_a_failure()
    {
        Task.FromException<int>(new InvalidDataException("no")).PipeTo(TestActor);
        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<InvalidDataException>();
    }

    [Fact]
    public void Result_and_exception_are_transformed()
    {
        Task.FromResult(42).PipeTo(TestActor, success: n => $"got {n}");
        ExpectMsg("got 42");
        Task.FromException<int>(new InvalidDataException("no")).PipeTo(TestActor, failure: e => e.Message);
        ExpectMsg("no");
        new ValueTask<int>(7).PipeTo(TestActor, success: n => n + 1);
        ExpectMsg(8);
    }

    [Fact]
    public void Task_without_result_sends_only_what_it_is_told_to()
    {
        Task.CompletedTask.PipeTo(TestActor);
        ExpectNoMsg();
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
        Task.FromException(new InvalidDataException("no")).PipeTo(TestActor);
        ExpectMsg<Status.Failure>();
    }

    [Fact]
    public void Sender_is_the_one_given()
    {
        var probe = CreateTestProbe();
        Task.FromResult("x").PipeTo(TestActor, probe.Ref);
        ExpectMsg("x");
        LastSender.ShouldBe(probe.Ref);
    }
}
