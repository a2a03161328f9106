using Akka.Remote.Transport.Tcp;

namespace Akka.Embedded.Tests.Internals.Transport;

public sealed class FrameQueueTests
{
    private readonly FrameQueue _queue = new();

    [Fact]
    public void Frames_leave_in_the_order_in_which_they_came_whatever_their_length()
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            var frames = Enumerable.Range(0, random.Next(1, 60)).Select(i => Noise(random, random.Next(1 << random.Next(1, 19)))).ToArray();
            foreach (var frame in frames)
            {
                if (frame.Length > FrameQueue.MaxSmallFrame)
                    _queue.Add(FrameQueue.Split(frame));
                else
                    _queue.Add(frame);
            }

            _queue.AddGoodbye();
            var expected = new MemoryStream();
            foreach (var frame in frames)
                expected.Write(RawPeer.Frame(frame));
            expected.Write(RawPeer.Goodbye);
            TakeAll().AsSpan().SequenceEqual(expected.ToArray()).ShouldBeTrue();
            _queue.IsEmpty.ShouldBeTrue();
        }
    }

    [Fact]
    public void What_is_queued_together_leaves_in_few_segments()
    {
        for (var i = 0; i < 6_000; i++)
            _queue.Add(new byte[100]);
        _queue.TakeAll().Count.ShouldBeLessThan(12);
        for (var i = 0; i < 600; i++)
            _queue.Add(new byte[100]);
        _queue.TakeAll().Count.ShouldBe(1);
    }

    [Fact]
    public void Single_frame_takes_a_small_segment()
    {
        _queue.Add(new byte[100]);
        _queue.TakeAll()[0].Array!.Length.ShouldBe(4 * 1024);
    }

    private byte[] TakeAll()
    {
        var bytes = new MemoryStream();
        foreach (var segment in _queue.TakeAll())
        {
            bytes.Write(segment);
            FrameQueue.GiveBack(segment);
        }

        return bytes.ToArray();
    }

    private static byte[] Noise(Random random, int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
