using System.Globalization;
using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace Benchmarks.PostgreSql;

/// <summary>
/// The events that a database is filled with, in the order of their arrival: in each round every channel gets its next event, and each
/// round has an order of its own. So the rounds are the sequence nrs, and what are neighbours in a channel arrive far apart.
/// </summary>
internal sealed class Arrivals
{
    private const int Seed = 1;
    private const int WordsEach = 15;
    private const long FirstChannel = 7_000_000_000_000_000_000;
    private const long FirstUser = 7_298_340_912_345_088;
    private const long FirstDevice = 7_298_341_000_000_000;
    private const long StartMs = 1_795_190_400_000;

    private static readonly string[] Words =
        ("저는 토요일 아침 일곱 시에 출발 할게요 내일 비가 온대요 정말 좋아요 the build is green again who has the key I will be late "
        + "see you there ok thanks a lot did anyone try to restart it first").Split(' ');

    private readonly long _rows;
    private readonly int _channels;

    public Arrivals(long rows, int channels) => (_rows, _channels) = (rows, channels);

    /// <summary>Rounds in which at least one channel gets an event.</summary>
    public long Rounds => (_rows + _channels - 1) / _channels;

    /// <summary>The channels of each round, in the order of their arrival. The array is used again.</summary>
    public IEnumerable<(long Round, ArraySegment<int> Channels)> InOrder()
    {
        var random = new Random(Seed);
        int[] order = [.. Enumerable.Range(0, _channels)];
        for (var round = 1L; round <= Rounds; round++)
        {
            random.Shuffle(order);
            yield return (round, new ArraySegment<int>(order, 0, (int)Math.Min(_channels, _rows - ((round - 1) * _channels))));
        }
    }

    /// <summary>The events that each channel has in the end.</summary>
    public long[] Heads()
    {
        var heads = new long[_channels];
        foreach (var (round, channels) in InOrder())
        {
            if (round == Rounds)
            {
                Array.Fill(heads, round - 1);
                foreach (var channel in channels)
                {
                    heads[channel] = round;
                }
            }
        }

        return heads;
    }

    /// <summary>The persistence id of a channel.</summary>
    public static string Id(int channel) => StoredEvents.ChannelPrefix + Number(FirstChannel + channel);

    /// <summary>A message of about 120 bytes, as it is stored, and always the same.</summary>
    public static (string Manifest, byte[] Payload) Event(int channel, long sequenceNr)
    {
        var random = ((ulong)channel * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)sequenceNr * 0xC2B2_AE3D_27D4_EB4F);
        var words = new string[WordsEach];
        for (var i = 0; i < words.Length; i++)
        {
            random = (random * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            words[i] = Words[(random >> 33) % (ulong)Words.Length];
        }

        var member = channel + (long)(random >> 61);
        return StoredEvents.Encode(new MessagePosted(
            sequenceNr, sequenceNr, StartMs + (sequenceNr * 60_000) + channel, new UserId(Number(FirstUser + member)),
            new DeviceId(Number(FirstDevice + member)), $"c-{Number(sequenceNr)}", string.Join(' ', words), 0, []));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
