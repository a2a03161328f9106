using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>What a node does when the other end of its link behaves as none should.</summary>
public sealed class TcpLinkTests : TransportTest
{
    private const int Limit = 1_000_000;

    private readonly TcpTestNetwork _network;

    public TcpLinkTests()
        : this(new TcpTestNetwork())
    {
    }

    private TcpLinkTests(TcpTestNetwork network)
        : base(network) => _network = network;

    [Fact]
    public async Task Frames_that_come_byte_by_byte_are_put_together()
    {
        var (peer, handler) = await OpenRaw();
        foreach (var part in RawPeer.Frame([1, 2, 3, 4, 5]).Concat(RawPeer.Frame([])).Concat(RawPeer.Frame([6])))
            await peer.Send(part);
        await Until(() => handler.Count == 3, "three frames");
        handler.Frames.ShouldBe([[1, 2, 3, 4, 5], [], [6]]);
        peer.Dispose();
    }

    [Theory]
    [InlineData(Akka.Remote.Transport.Frames.MaxLength + 1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-2)]
    public async Task Frame_that_is_too_long_ends_the_link(int length)
    {
        var (peer, handler) = await OpenRaw();
        await peer.Send([.. RawPeer.Frame([1]), .. RawPeer.Header(length), 1, 2, 3]);
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause.ShouldBeOfType<InvalidDataException>();
        handler.Count.ShouldBe(1);
        (await peer.ReceiveToEnd()).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Half_a_frame_is_never_handed_out(bool reset)
    {
        var (peer, handler) = await OpenRaw();
        await peer.Send([.. RawPeer.Frame([1]), .. RawPeer.Header(1000), .. new byte[999]]);
        await Until(() => handler.Count == 1, "the whole frame");
        if (reset)
            peer.Reset();
        else
            peer.EndSending();
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause.ShouldNotBeNull();
        handler.Count.ShouldBe(1);
    }

    [Fact]
    public async Task End_without_a_goodbye_is_a_failure_and_with_one_it_is_none()
    {
        var (killed, handler) = await OpenRaw();
        killed.EndSending();
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause.ShouldBeOfType<EndOfStreamException>();

        using var leaving = await RawPeer.Greet(Listener!.Port);
        await leaving.Send(RawPeer.Goodbye);
        await Until(() => Accepted.Count == 2 && Accepted[1].IsClosed, "the other link to be closed");
        Accepted[1].Cause.ShouldBeNull();
        (await leaving.ReceiveToEnd()).ShouldBe(0);
    }

    [Fact]
    public async Task Slow_reader_has_frames_refused_until_it_reads()
    {
        var (peer, handler) = await OpenRaw();
        var sent = await FillUp(handler);
        handler.Link!.PendingBytes.ShouldBeGreaterThan(Limit);
        handler.Link.TrySend(new byte[1_000_000], Limit).ShouldBeFalse();
        handler.Link.TrySend(new byte[1], handler.Link.PendingBytes).ShouldBeTrue();

        (await peer.Receive(sent * (4 + FrameLength) + 5)).Length.ShouldBe(sent * (4 + FrameLength) + 5);
        await Until(() => handler.Link.PendingBytes == 0, "nothing to be pending");
        handler.Link.TrySend([1], 0).ShouldBeTrue();
        (await peer.Receive(5)).ShouldBe(RawPeer.Frame([1]));
        peer.Dispose();
    }

    [Fact]
    public async Task Closing_waits_a_moment_for_a_reader_that_is_slow_and_no_longer()
    {
        var (peer, handler) = await OpenRaw();
        await FillUp(handler);
        Close(handler);
        Network.Advance(_network.CloseTimeout - TimeSpan.FromMilliseconds(1));
        handler.IsClosed.ShouldBeFalse();
        Network.Advance(TimeSpan.FromMilliseconds(1));
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause.ShouldBeNull();
        handler.Link!.PendingBytes.ShouldBe(0);
        peer.Dispose();
    }

    [Fact]
    public async Task Closing_waits_a_moment_for_the_other_end_and_takes_nothing_from_it()
    {
        var (peer, handler) = await OpenRaw();
        handler.Link!.TrySend([7], NoLimit).ShouldBeTrue();
        Close(handler);
        (await peer.ReceiveToEnd()).ShouldBe(5 + RawPeer.Goodbye.Length);
        await peer.Send(RawPeer.Frame([1]));
        handler.IsClosed.ShouldBeFalse();
        Network.Advance(_network.CloseTimeout);
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause.ShouldBeNull();
        handler.Count.ShouldBe(0);
        peer.Dispose();
    }

    [Fact]
    public async Task Link_to_a_silent_host_can_be_closed_before_its_time_is_up()
    {
        var handler = NewHandler();
        var link = Network.Near.Connect(Network.Silent, handler);
        link.Close();
        await Until(() => handler.IsClosed, "the link to be closed");
        (handler.IsOpen, handler.Cause).ShouldBe((false, null));
        Network.Advance(Network.ConnectTimeout);
        link.Close();
    }

    [Fact]
    public async Task Handler_that_fails_ends_its_link()
    {
        var (near, far) = await Open();
        far.OnReceived = (_, _) => throw new InvalidOperationException("on purpose");
        Send(near, [1]);
        await Until(() => near.IsClosed && far.IsClosed, "both ends to be closed");
        far.Cause.ShouldBeOfType<InvalidOperationException>();
        near.Cause.ShouldNotBeNull();
    }

    [Fact]
    public async Task Link_that_can_not_be_accepted_is_ended()
    {
        Listen(onAccept: _ => throw new InvalidOperationException("on purpose"));
        var handler = Connect();
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause.ShouldNotBeNull();
        _network.Log.Lines.Single().ShouldContain("not accepted");
    }

    [Fact]
    public async Task Handler_that_takes_long_keeps_only_its_own_link_waiting()
    {
        using var goOn = new ManualResetEventSlim();
        var listener = Listen(onReceived: (_, frame) => (frame[0] == 2 || goOn.Wait(TestNetwork.Patience)).ShouldBeTrue());
        using var first = await RawPeer.Connect(listener.Port);
        await first.Send([.. RawPeer.Greeting, .. RawPeer.Frame([1])]);
        using var second = await RawPeer.Greet(listener.Port);
        await second.Send(RawPeer.Frame([2]));
        await Until(() => Accepted.Any(handler => handler.Count == 1 && handler.Frames[0][0] == 2), "the frame over the other link");
        goOn.Set();
    }

    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("::1", "[::1]")]
    [InlineData("[::1]", "::1")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "::1")]
    public async Task Host_is_a_name_or_an_address_of_either_kind(string bound, string dialled)
    {
        using var listener = Network.Far.Listen(bound, 0, link => NewHandler(link));
        var handler = NewHandler();
        Network.Near.Connect(new Address("akka.tcp", "test", dialled, listener.Port), handler);
        await Until(() => handler.IsOpen, "the link to open");
    }

    [Fact]
    public async Task Host_that_does_not_exist_is_a_cause_like_any_other()
    {
        var handler = NewHandler();
        Network.Near.Connect(new Address("akka.tcp", "test", "no..such", 1), handler);
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.Cause!.Message.ShouldContain("no..such:1");
        Should.Throw<IOException>(() => Network.Far.Listen("no..such", 0, _ => NewHandler()));
        Should.Throw<IOException>(() => Network.Far.Listen("192.0.2.1", 0, _ => NewHandler()));
        Should.Throw<ArgumentException>(() => Network.Near.Connect(new Address("akka.tcp", "test"), NewHandler()));
    }

    [Fact]
    public async Task Frame_longer_than_allowed_is_the_callers_fault()
    {
        var (near, _) = await Open();
        var frame = new byte[Akka.Remote.Transport.Frames.MaxLength + 1];
        Should.Throw<ArgumentException>(() => Send(near, frame));
        near.IsClosed.ShouldBeFalse();
    }

    private const int FrameLength = 64 * 1024;

    // The far end of a link whose near end the test is.
    private async Task<(RawPeer Peer, RecordingHandler Handler)> OpenRaw()
    {
        var listener = Listen();
        var peer = await RawPeer.Greet(listener.Port);
        await Until(() => Accepted.Count == 1, "the link to be accepted");
        return (peer, Accepted[0]);
    }

    // Until frames are refused for good, because the system takes no more of what waits either.
    private async Task<int> FillUp(RecordingHandler handler)
    {
        var (sent, refused) = (0, 0);
        await Until(
            () =>
            {
                for (; handler.Link!.TrySend(new byte[FrameLength], Limit); sent++)
                    refused = 0;
                return ++refused == 100;
            },
            "the link to be full");
        return sent;
    }
}
