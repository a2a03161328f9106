using Akka.Remote.Transport;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>What every network must do for the runtime.</summary>
public abstract class TransportContract : TransportTest
{
    private protected TransportContract(TestNetwork network)
        : base(network)
    {
    }

    [Fact]
    public async Task Link_is_opened_once_to_the_side_that_connects()
    {
        var (near, far) = await Open();
        near.IsOpen.ShouldBeTrue();
        far.IsOpen.ShouldBeFalse();
        far.Link!.RemoteName.ShouldNotBeEmpty();
        near.Link!.RemoteName.ShouldContain(Network.FarHost);
        near.Link.PendingBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Frames_arrive_in_order_in_both_directions()
    {
        var (near, far) = await Open();
        for (var i = 0; i < 1_000; i++)
        {
            Send(near, Number(i)).ShouldBeTrue();
            Send(far, Number(-i)).ShouldBeTrue();
        }

        await Until(() => near.Count == 1_000 && far.Count == 1_000, "2,000 frames");
        far.Numbers.ShouldBe(Enumerable.Range(0, 1_000));
        near.Numbers.ShouldBe(Enumerable.Range(0, 1_000).Select(i => -i));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_091)]
    [InlineData(4_092)]
    [InlineData(4_097)]
    [InlineData(65_531)]
    [InlineData(65_532)]
    [InlineData(65_533)]
    [InlineData(65_537)]
    [InlineData(400_000)]
    [InlineData(1_048_573)]
    [InlineData(20_000_000)]
    public async Task Frame_of_any_length_arrives_whole(int length)
    {
        var (near, far) = await Open();
        var frame = Noise(length);
        // Small ones around it: a large one must not disturb them.
        Send(near, Number(1)).ShouldBeTrue();
        Send(near, frame).ShouldBeTrue();
        Send(near, Number(2)).ShouldBeTrue();
        Send(near, frame).ShouldBeTrue();
        await Until(() => far.Count == 4, "four frames");
        far.Frames[1].AsSpan().SequenceEqual(frame).ShouldBeTrue();
        far.Frames[3].AsSpan().SequenceEqual(frame).ShouldBeTrue();
        (BitConverter.ToInt32(far.Frames[0]), BitConverter.ToInt32(far.Frames[2])).ShouldBe((1, 2));
        await Until(() => near.Link!.PendingBytes == 0, "nothing to be pending");
    }

    [Fact]
    public async Task Frames_of_mixed_lengths_arrive_whole()
    {
        var (near, far) = await Open();
        var random = new Random(5);
        var frames = Enumerable.Range(0, 400).Select(i => Noise(random.Next(1 << random.Next(1, 19)))).ToArray();
        foreach (var frame in frames)
            Send(near, frame).ShouldBeTrue();
        await Until(() => far.Count == frames.Length, "all frames");
        far.Frames.Zip(frames).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)).ShouldBeTrue();
    }

    [Fact]
    public async Task Frame_is_copied()
    {
        var (near, far) = await Open();
        var frame = Number(7);
        Send(near, frame).ShouldBeTrue();
        Array.Clear(frame);
        await Until(() => far.Count == 1, "the frame");
        BitConverter.ToInt32(far.Frames[0]).ShouldBe(7);
    }

    [Fact]
    public async Task Frames_of_several_threads_keep_each_ones_order()
    {
        const int Threads = 4;
        const int Each = 5_000;
        var (near, far) = await Open();
        await Network.AtOnce([.. Enumerable.Range(0, Threads).Select(thread => (Action)(() =>
        {
            for (var i = 0; i < Each; i++)
                Send(near, [(byte)thread, .. Number(i)]).ShouldBeTrue();
        }))]);
        await Until(() => far.Count == Threads * Each, "all frames of all threads");
        foreach (var frames in far.Frames.GroupBy(frame => frame[0]))
            frames.Select(frame => BitConverter.ToInt32(frame.AsSpan(1))).ShouldBe(Enumerable.Range(0, Each));
    }

    [Fact]
    public async Task Handler_can_answer_from_inside_a_call()
    {
        var (near, far) = await Open();
        far.OnReceived = (link, frame) => link.TrySend(frame, NoLimit);
        near.OnReceived = (link, frame) => link.TrySend(Number(BitConverter.ToInt32(frame) + 1), NoLimit);
        Send(near, Number(0)).ShouldBeTrue();
        await Until(() => near.Count >= 100, "100 answers");
        near.Numbers.Take(100).ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task Side_that_accepts_can_send_before_its_handler_is_there()
    {
        Listen(onAccept: link => link.TrySend(Number(1), NoLimit).ShouldBeTrue());
        var near = Connect();
        await Until(() => near.Count == 1, "the frame that was sent while the link was accepted");
        near.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Links_do_not_disturb_each_other()
    {
        Listen(onReceived: (link, frame) => link.TrySend(frame, NoLimit));
        var nears = Enumerable.Range(0, 20).Select(_ => Connect()).ToArray();
        await Until(() => nears.All(near => near.IsOpen), "20 links to open");
        for (var i = 0; i < 100; i++)
        {
            for (var n = 0; n < nears.Length; n++)
                Send(nears[n], Number(n)).ShouldBeTrue();
        }

        nears[3].Link!.Close();
        await Until(() => nears.All(near => near.IsClosed || near.Count == 100), "the answers over all links but one");
        for (var n = 0; n < nears.Length; n++)
            nears[n].Frames.ShouldAllBe(frame => BitConverter.ToInt32(frame) == n);
    }

    [Fact]
    public async Task Nothing_is_accepted_before_the_link_is_open()
    {
        Listen();
        var handler = NewHandler();
        RecordingHandler.Calling(() => Network.Near.Connect(Address(), handler).TrySend(Number(1), NoLimit)).ShouldBeFalse();
        await Until(() => handler.IsOpen, "the link to open");
        Send(handler, Number(2)).ShouldBeTrue();
        await Until(() => Accepted[0].Count == 1, "the second frame");
        BitConverter.ToInt32(Accepted[0].Frames[0]).ShouldBe(2);
    }

    [Fact]
    public async Task Frame_is_refused_while_more_than_the_limit_waits()
    {
        const int Limit = 1_000_000;
        var (near, far) = await Open();
        far.Hold();
        var frame = new byte[64 * 1024];
        var sent = 0;
        for (; Send(near, Number(sent, frame), Limit); sent++)
        {
            near.Link!.PendingBytes.ShouldBeLessThan(Limit + 2 * frame.Length);
            sent.ShouldBeLessThan(100_000);
        }

        // Others have more room, whatever their length.
        Send(near, Number(sent++, new byte[3_000_000]), 2 * Limit).ShouldBeTrue();

        far.Release();
        await Until(() => near.Link!.PendingBytes == 0, "nothing to be pending");
        Send(near, Number(sent++, frame), 0).ShouldBeTrue();
        await Until(() => far.Count == sent, "all that was accepted");
        far.Numbers.ShouldBe(Enumerable.Range(0, sent));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Closing_is_told_once_to_both_sides_without_a_cause(bool byNear, bool byFar)
    {
        var (near, far) = await Open();
        await Network.AtOnce([.. new[] { (near, byNear), (far, byFar) }.Where(side => side.Item2).Select(side => (Action)(() =>
        {
            Close(side.Item1);
            Close(side.Item1);
            Send(side.Item1, Number(1)).ShouldBeFalse();
        }))]);
        await Until(() => near.IsClosed && far.IsClosed, "both ends to be closed");
        (near.Cause, far.Cause).ShouldBe((null, null));
        Send(near, Number(1)).ShouldBeFalse();
        Send(far, Number(1)).ShouldBeFalse();
        Close(near);
        Close(far);
    }

    [Fact]
    public async Task Handler_can_close_its_link_from_inside_a_call()
    {
        var (near, far) = await Open();
        far.OnReceived = (link, _) => link.Close();
        Send(near, Number(1)).ShouldBeTrue();
        await Until(() => near.IsClosed && far.IsClosed, "both ends to be closed");
        (near.Cause, far.Cause).ShouldBe((null, null));
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(100, 10_000)]
    [InlineData(10, 400_000)]
    public async Task Frames_that_were_accepted_before_closing_arrive(int count, int length)
    {
        var (near, far) = await Open();
        for (var i = 0; i < count; i++)
            Send(near, Number(i, new byte[length])).ShouldBeTrue();
        Close(near);
        await Until(() => near.IsClosed && far.IsClosed, "both ends to be closed");
        far.Numbers.ShouldBe(Enumerable.Range(0, count));
        (near.Cause, far.Cause).ShouldBe((null, null));
    }

    [Fact]
    public async Task Frames_that_the_other_side_has_sent_before_it_closed_arrive_although_this_side_sends()
    {
        var (near, far) = await Open();
        near.Hold();
        for (var i = 0; i < 100; i++)
            Send(far, Number(i, new byte[1_000])).ShouldBeTrue();
        Close(far);
        Send(near, Number(1, new byte[100_000]));
        near.Release();
        await Until(() => near.IsClosed && far.IsClosed, "both ends to be closed");
        near.Numbers.ShouldBe(Enumerable.Range(0, 100));
        near.Cause.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Link_that_breaks_is_closed_at_both_ends_with_a_cause(bool atNear)
    {
        var (near, far) = await Open();
        Send(near, Number(1)).ShouldBeTrue();
        Network.Break(atNear ? near.Link! : far.Link!);
        await Until(() => near.IsClosed && far.IsClosed, "both ends to be closed");
        near.Cause.ShouldNotBeNull();
        far.Cause.ShouldNotBeNull();
        Send(near, Number(1)).ShouldBeFalse();
    }

    [Fact]
    public async Task Links_that_are_used_and_ended_by_all_threads_at_once_end_once_and_lose_nothing_in_between()
    {
        const int Each = 100;
        Listen(onReceived: (link, frame) =>
        {
            link.TrySend(frame, NoLimit);
            if (BitConverter.ToInt32(frame) == 30)
                link.Close();
        });
        var links = new ILink?[4 * Each];
        await Network.AtOnce([.. Enumerable.Range(0, 4).Select(thread => (Action)(() =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Each; i++)
            {
                links[thread * Each + i] = RecordingHandler.Calling(() => Network.Near.Connect(Address(), SendingHandler(random.Next(60))));
                // Of any thread.
                if (links[random.Next(links.Length)] is { } one)
                    one.Close();
                if (random.Next(4) == 0 && links[random.Next(links.Length)] is { } other)
                    Network.Break(other);
            }
        }))]);
        await Until(() => Handlers.Count(handler => handler.IsOpen || handler.IsClosed) >= links.Length, "all links to open, or not");
        foreach (var link in links)
            link!.Close();
        await Until(() => Handlers.All(handler => handler.IsClosed), "all links to be closed");
        foreach (var handler in Handlers)
            handler.Numbers.ShouldBe(Enumerable.Range(0, handler.Count));
    }

    [Fact]
    public async Task Link_to_where_nobody_listens_is_closed_with_a_cause()
    {
        var listener = Listen();
        listener.Dispose();
        var handler = Connect();
        await Until(() => handler.IsClosed, "the link to be refused");
        handler.IsOpen.ShouldBeFalse();
        handler.Cause.ShouldNotBeNull();
    }

    [Fact]
    public async Task Link_to_a_host_that_never_answers_is_closed_with_a_cause_when_its_time_is_up()
    {
        var handler = NewHandler();
        var link = RecordingHandler.Calling(() => Network.Near.Connect(Network.Silent, handler));
        Network.Advance(Network.ConnectTimeout - TimeSpan.FromMilliseconds(1));
        handler.IsClosed.ShouldBeFalse();
        Network.Advance(TimeSpan.FromMilliseconds(2));
        await Until(() => handler.IsClosed, "the link to be given up");
        handler.IsOpen.ShouldBeFalse();
        handler.Cause.ShouldNotBeNull();
        link.TrySend(Number(1), NoLimit).ShouldBeFalse();
        link.Close();
    }

    [Fact]
    public async Task Link_that_is_closed_before_it_is_open_is_closed_without_a_cause()
    {
        Listen();
        var handler = NewHandler();
        RecordingHandler.Calling(() =>
        {
            var link = Network.Near.Connect(Address(), handler);
            link.Close();
            return link.TrySend(Number(1), NoLimit);
        }).ShouldBeFalse();
        await Until(() => handler.IsClosed && Accepted.All(far => far.IsClosed), "the link to be closed");
        handler.Cause.ShouldBeNull();
    }

    [Fact]
    public async Task Listener_that_is_disposed_accepts_no_links_and_leaves_those_that_are_open()
    {
        var (near, far) = await Open();
        Listener!.Dispose();
        var late = Connect();
        await Until(() => late.IsClosed, "the late link to be refused");
        Accepted.Count.ShouldBe(1);
        Send(near, Number(1)).ShouldBeTrue();
        await Until(() => far.Count == 1, "the frame");
        Listen(Listener!.Port).Port.ShouldBe(Listener!.Port);
    }

    [Fact]
    public void Address_that_is_in_use_can_not_be_bound()
    {
        var listener = Listen();
        listener.Port.ShouldNotBe(0);
        Should.Throw<IOException>(() => Network.Far.Listen(Network.FarHost, listener.Port, _ => NewHandler()));
    }

    // Sends so many numbers as soon as it can.
    private RecordingHandler SendingHandler(int numbers)
    {
        var handler = NewHandler();
        handler.OnOpened = link =>
        {
            for (var i = 0; i < numbers; i++)
                link.TrySend(Number(i), NoLimit);
        };
        return handler;
    }
}
