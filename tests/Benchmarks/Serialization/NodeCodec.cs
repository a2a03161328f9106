using System.Diagnostics;
using Akka.Actor;
using Benchmarks.Runtime;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace Benchmarks.Serialization;

/// <summary>What a message between nodes costs besides the network: <c>codec</c>.</summary>
internal static class NodeCodec
{
    private const int Rounds = 40;
    private const int Times = 10_000;
    private const int Different = 1_000;
    private const long At = 1_795_190_400_123;

    private static readonly UserId Ann = new("7298340912345088"), Bob = new("7298340912345089");
    private static readonly DeviceId Phone = new("7298340912349184");
    private static readonly ChannelId Direct = ChannelId.Direct(Ann, Bob), Group = new("7298340912353280");
    private static readonly string Latin = string.Concat(Enumerable.Repeat("ten chars ", 10));
    private static readonly string Hangul = string.Concat(Enumerable.Repeat("열 글자쯤 되는 ", 12))[..100];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("codec takes no arguments");
            return 2;
        }

        var system = ActorSystem.Create("codec");
        var serializer = new NodeSerializer((ExtendedActorSystem)system);
        var known = Delivery(0);
        UserId[] members = [.. Enumerable.Range(0, 20).Select(i => new UserId((7298340912345088 + i).ToString()))];
        Show(serializer, "PostMessage, 100 latin characters", i => Post(i, Latin));
        Show(serializer, "PostMessage, 100 Korean characters", i => Post(i, Hangul));
        Show(serializer, "Posted", i => new Posted(Direct, i, i, i, At, false));
        Show(serializer, "DeliverEvents, one message", i => new DeliverEvents(Bob, Delivery(i)));
        Show(serializer, "DeliverEvents, the same for many", _ => new DeliverEvents(Bob, known));
        Show(serializer, "Delivery, one message", Delivery);
        Show(serializer, "Delivery, the same for many", _ => known);
        Show(serializer, "RelayEvents, one message to 20 members", i => new RelayEvents([.. members], Delivery(i)));
        Show(serializer, "MoveCursor", i => new MoveCursor(Bob, Phone, Direct, i));
        Show(serializer, "DeliverReceipts, one change", i => new DeliverReceipts(
            Ann, new ReceiptChanges(Direct, [new ReceiptChange(Bob, i, i)])));
        Show(serializer, "ProbeDelivery", i => new ProbeDelivery(Bob, Direct, i));
        Show(serializer, "SyncCompleted", _ => SyncCompleted.Instance);
        await system.Terminate();
        return 0;
    }

    private static PostMessage Post(long i, string text) => new(Direct, Ann, i, Phone, $"c-{i}", text, 0, [], MayOpen: true);

    private static Delivery Delivery(long i) =>
        new(Group, [new MessagePosted(i, i, At, Ann, Phone, "c-1234567", Latin, 0, [])]);

    // Messages are made anew each time, as in life; what that costs is taken off.
    private static void Show(NodeSerializer serializer, string name, Func<long, object> make)
    {
        var manifest = serializer.Manifest(make(0));
        byte[][] bytes = [.. Enumerable.Range(100_000, Different).Select(i => serializer.ToBinary(make(i)))];
        var (makes, made) = Fastest(make);
        var (encodes, encoded) = Fastest(i =>
        {
            var message = make(i);
            serializer.Manifest(message);
            return serializer.ToBinary(message);
        });
        var (decodes, decoded) = Fastest(i => serializer.FromBinary(bytes[i % Different], manifest));
        Measure.Line(
            name,
            $"{encodes - makes + decodes:N0} ns",
            $"encode {encodes - makes:N0} ns, {encoded - made} B; decode {decodes:N0} ns, {decoded} B; {bytes[0].Length} B on the wire");
    }

    // Whatever else the machine does only adds to it.
    private static (double Nanoseconds, long Allocated) Fastest(Func<long, object> action)
    {
        var fastest = double.MaxValue;
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Times; i++)
            {
                GC.KeepAlive(action(100_000 + i));
            }

            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Times);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
        }

        return (fastest, allocated);
    }
}
