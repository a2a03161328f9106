using System.Diagnostics;
using System.Runtime.Serialization;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Serialization.Nodes;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>Whatever arrives: it is a message, or it is refused; at no cost that its length doesn't pay for.</summary>
public sealed class NodeFuzzTests : NodeSerializerTest
{
    private const int Inputs = 100_000;

    [Fact]
    public void Garbage_is_refused_or_read_and_nothing_else()
    {
        var random = new Random(7302);
        var codecs = NodeMessages.All;
        byte[][] samples = [.. codecs.SelectMany(Samples)];
        var (read, refused) = (0, 0);
        for (var i = 0; i < Inputs; i++)
        {
            var codec = codecs[random.Next(codecs.Length)];
            var bytes = Spoil(random.Next(8) == 0 ? samples[random.Next(samples.Length)] : Samples(codec)[random.Next(2)], samples, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Serializer.FromBinary(bytes, codec.Manifest).ShouldBeOfType(codec.Type);
                read++;
            }
            catch (SerializationException)
            {
                refused++;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(
                50_000 + (100 * bytes.Length), $"{codec.Type.Name} of {Convert.ToHexString(bytes)}");
        }

        // Else the inputs are no good.
        read.ShouldBeGreaterThan(Inputs / 20);
        refused.ShouldBeGreaterThan(Inputs / 20);
    }

    private static readonly Dictionary<NodeCodec, byte[][]> Known = [];

    private static byte[][] Samples(NodeCodec codec)
    {
        if (!Known.TryGetValue(codec, out var samples))
        {
            Known[codec] = samples =
                [codec.Encode(MadeUpMessages.Full(codec.Type)), codec.Encode(MadeUpMessages.Least(codec.Type))];
        }

        return samples;
    }

    private static byte[] Spoil(byte[] sample, byte[][] samples, Random random)
    {
        List<byte> bytes = [.. sample];
        for (var times = random.Next(4); times >= 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1));
                    break;
                case 4:
                    var part = samples[random.Next(samples.Length)];
                    bytes.InsertRange(at, part.AsSpan(0, random.Next(part.Length + 1)));
                    break;
                case 5:
                    var noise = new byte[random.Next(20)];
                    random.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    break;
                default:
                    bytes.InsertRange(at, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]); // as a length: 4 GB
                    break;
            }
        }

        return [.. bytes];
    }
}
