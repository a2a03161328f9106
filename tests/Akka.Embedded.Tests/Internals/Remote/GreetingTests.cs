using Akka.Remote.Associations;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Internals.Remote;

public sealed class GreetingTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 9, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(2, 9, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(9, 1, 0)]
    public void Highest_version_that_both_speak_is_spoken(uint min, uint max, uint expected) =>
        Greeting.VersionOf(new Hello { MinVersion = min, MaxVersion = max }).ShouldBe(expected);

    [Fact]
    public void Node_of_a_later_version_that_still_speaks_this_one_is_let_in()
    {
        var answer = Greet(hello => hello.MaxVersion = Greeting.MaxVersion + 5);

        answer.Welcome.Version.ShouldBe(Greeting.MaxVersion);
    }

    [Fact]
    public void Node_that_speaks_other_versions_only_is_refused() =>
        Greet(hello => (hello.MinVersion, hello.MaxVersion) = (Greeting.MaxVersion + 1, Greeting.MaxVersion + 5))
            .Refusal.Reason.ShouldBe(Refusal.Types.Reason.Version);

    [Fact]
    public void Node_that_takes_this_one_for_another_is_refused() =>
        Greet(hello => hello.To = "akka.tcp://sim@c:2552").Refusal.Reason.ShouldBe(Refusal.Types.Reason.Address);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("akka://sim")]
    public void Node_without_an_address_is_refused(string address) =>
        Greet(hello => hello.Address = address).Refusal.Reason.ShouldBe(Refusal.Types.Reason.Address);

    [Fact]
    public void Link_that_does_not_begin_with_a_greeting_is_cut()
    {
        foreach (var first in (byte[][])[[], [1, 2, 3], new Frame { Envelope = new Envelope { To = "/user/a" } }.ToByteArray()])
            Send(first).ShouldBe(["closed"]);
    }

    [Fact]
    public void Garbage_after_the_greeting_harms_its_link_only()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var garbage = new byte[random.Next(1, 60)];
            random.NextBytes(garbage);
            garbage[0] = (byte)(random.Next(1, 9) << 3 | 2);
            Send(Hello(_ => { }), garbage); // and it is still there for the next one
        }

        Greet(_ => { }).Welcome.Version.ShouldBe(1u);
    }

    private static Frame Greet(Action<Hello> change)
    {
        var answers = Send(Hello(change));
        return Frame.Parser.ParseFrom(Convert.FromHexString(answers[0]));
    }

    private static byte[] Hello(Action<Hello> change)
    {
        var hello = new Hello { MinVersion = 1, MaxVersion = 1, Address = "akka.tcp://sim@a:2552", Uid = 3, To = "akka.tcp://sim@b:2552" };
        change(hello);
        return new Frame { Hello = hello }.ToByteArray();
    }

    /// <summary>What a node answers to frames that are sent to it by hand.</summary>
    private static List<string> Send(params byte[][] frames)
    {
        var cluster = new SimulatedCluster(1);
        cluster.Start("b");
        var peer = new Peer(frames);
        cluster.Simulation.CreateNode("a").Transport.Connect(SimulatedCluster.AddressOf("b"), peer);
        cluster.Advance(1);
        return peer.Answers;
    }

    private sealed class Peer(byte[][] frames) : ILinkHandler
    {
        public List<string> Answers { get; } = [];

        public void Opened(ILink link)
        {
            foreach (var frame in frames)
                link.TrySend(frame, int.MaxValue);
        }

        public void Received(ILink link, ReadOnlySpan<byte> frame) => Answers.Add(Convert.ToHexString(frame));

        public void Closed(ILink link, Exception? cause) => Answers.Add("closed");
    }
}
