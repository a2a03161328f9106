using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;

namespace Akka.Embedded.Tests.Internals.Transport;

public sealed class FrameParserTests : IDisposable
{
    private readonly FrameParser _parser = new();

    [Fact]
    public void Frames_are_the_same_however_they_are_cut_up()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var frames = Enumerable.Range(0, 30).Select(_ => Noise(random, random.Next(1 << random.Next(1, 18)))).ToArray();
            var whole = new MemoryStream();
            foreach (var frame in frames)
                whole.Write(RawPeer.Frame(frame));
            var stream = whole.ToArray();
            var largest = 1 << random.Next(18);
            var seen = new List<byte[]>();
            for (var at = 0; at < stream.Length;)
            {
                var room = _parser.Room();
                var received = Math.Min(stream.Length - at, random.Next(1, Math.Min(room.Length, largest) + 1));
                stream.AsSpan(at, received).CopyTo(room.Span);
                _parser.Received(received);
                at += received;
                while (_parser.TryTake(out var frame))
                    seen.Add(frame.ToArray());
            }

            seen.Count.ShouldBe(frames.Length);
            seen.Zip(frames).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)).ShouldBeTrue($"seed {seed}");
            _parser.Rest.Length.ShouldBe(0);
        }
    }

    [Fact]
    public void Buffer_is_small_while_little_comes_and_large_while_much_does()
    {
        _parser.Room().Length.ShouldBe(FrameParser.QuietSize);
        Receive(RawPeer.Frame(new byte[3_000]));
        _parser.Room().Length.ShouldBe(FrameParser.QuietSize);
        // What fills it is taken for the beginning of more.
        Receive(RawPeer.Frame(new byte[FrameParser.QuietSize - 4]));
        var busy = _parser.Room().Length;
        busy.ShouldBeGreaterThan(FrameParser.QuietSize);
        Receive(RawPeer.Frame(new byte[busy - 4]));
        _parser.Room().Length.ShouldBe(busy);
        Receive(RawPeer.Frame(new byte[busy - 5]));
        _parser.Room().Length.ShouldBe(FrameParser.QuietSize);
    }

    [Fact]
    public void Buffer_of_a_large_frame_goes_with_it()
    {
        var frame = RawPeer.Frame(new byte[1_000_000]);
        Receive(frame[..1_000]);
        var room = _parser.Room().Length;
        room.ShouldBeGreaterThanOrEqualTo(frame.Length - 1_000);
        Receive(frame[1_000..]);
        _parser.Room().Length.ShouldBe(FrameParser.QuietSize);
    }

    [Fact]
    public void Buffer_grows_with_what_comes_and_not_with_what_is_announced()
    {
        Receive(RawPeer.Header(Frames.MaxLength));
        var received = 4;
        while (received < 10_000_000)
        {
            var room = _parser.Room().Length;
            room.ShouldBeLessThan(Math.Max(2 * 1024 * 1024, 4 * received));
            _parser.Received(room);
            received += room;
            _parser.TryTake(out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Goodbye_ends_it_after_the_frames_before()
    {
        var room = _parser.Room();
        byte[] all = [.. RawPeer.Frame([1]), .. RawPeer.Goodbye, .. RawPeer.Frame([2])];
        all.CopyTo(room);
        _parser.Received(all.Length);
        _parser.TryTake(out var frame).ShouldBeTrue();
        frame.ToArray().ShouldBe([1]);
        _parser.HasEnded.ShouldBeFalse();
        _parser.TryTake(out _).ShouldBeFalse();
        _parser.HasEnded.ShouldBeTrue();
    }

    public void Dispose() => _parser.Dispose();

    private static byte[] Noise(Random random, int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private void Receive(byte[] bytes)
    {
        bytes.CopyTo(_parser.Room());
        _parser.Received(bytes.Length);
        while (_parser.TryTake(out _))
        {
        }
    }
}
