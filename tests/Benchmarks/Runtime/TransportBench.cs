using System.Diagnostics;
using Akka.Remote.Transport.Tcp;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Runtime;

/// <summary>Frames between two processes over TCP on the loopback, and what each costs of both processes' CPU.</summary>
internal static class TransportBench
{
    private const int SmallFrames = 5_000_000;
    private const int LargeFrames = 20_000;
    private const int RoundTrips = 100_000;
    private const int Rounds = 5;

    public static async Task Run()
    {
        await Run("", null);
        await Run("TLS, ", TransportPeer.CreateTls());
    }

    private static async Task Run(string prefix, TlsSettings? tls)
    {
        using var peer = TransportPeer.Start(tls);
        var client = await TransportClient.Connect(peer.Port, tls);
        foreach (var senders in new[] { 1, 2, 8 })
            await OneWay(client, $"{prefix}frames of 100 bytes, {senders} sender(s)", 100, SmallFrames, senders);
        await OneWay(client, $"{prefix}frames of 100 KB, 1 sender", 100_000, LargeFrames, 1);
        await RoundTrip(client, $"{prefix}round trip of 100 bytes, 1 in flight");
        client.Close();
    }

    private static async Task OneWay(TransportClient client, string name, int length, int frames, int senders)
    {
        var rates = new double[Rounds];
        var (near, far) = (new double[Rounds], new double[Rounds]);
        for (var i = -1; i < Rounds; i++)
        {
            var (nearCpu, farCpu) = (Environment.CpuUsage.TotalTime, await client.PeerCpu());
            var start = Stopwatch.GetTimestamp();
            await client.Flood(length, frames, senders);
            if (i < 0)
                continue;
            rates[i] = frames / Stopwatch.GetElapsedTime(start).TotalSeconds;
            near[i] = (Environment.CpuUsage.TotalTime - nearCpu).TotalNanoseconds / frames;
            far[i] = (await client.PeerCpu() - farCpu).TotalNanoseconds / frames;
        }

        Array.Sort(rates);
        Array.Sort(near);
        Array.Sort(far);
        var rate = rates[Rounds / 2];
        Measure.Line(
            name,
            $"{rate:N0}/s",
            $"{rates[0]:N0} to {rates[^1]:N0}; {rate * length / 1e6:N0} MB/s; a frame: {near[Rounds / 2]:N0} ns of the sender's CPU, "
            + $"{far[Rounds / 2]:N0} ns of the receiver's");
    }

    private static async Task RoundTrip(TransportClient client, string name)
    {
        await client.Echo(RoundTrips / 10, new LatencyHistogram());
        var times = new LatencyHistogram();
        var (nearCpu, farCpu) = (Environment.CpuUsage.TotalTime, await client.PeerCpu());
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        await client.Echo(RoundTrips, times);
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)RoundTrips;
        var near = (Environment.CpuUsage.TotalTime - nearCpu).TotalMicroseconds / RoundTrips;
        var far = (await client.PeerCpu() - farCpu).TotalMicroseconds / RoundTrips;
        Measure.Line(
            name,
            $"{times.Milliseconds(0.5) * 1000:N0} us",
            $"p90 {times.Milliseconds(0.9) * 1000:N0} us, p99 {times.Milliseconds(0.99) * 1000:N0} us; CPU {near:N1} and {far:N1} us; "
            + $"{bytes:N1} B allocated");
    }
}
