using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Remote;
using Akka.Serialization;

namespace Benchmarks.Runtime;

/// <summary>Messages between actors of two processes: serialized, sent, read and delivered, both ways.</summary>
internal static class RemoteMessages
{
    /// <summary>The verb with which this program runs itself as the other process.</summary>
    public const string Verb = "remote-peer";

    private const string Name = "echo";
    private const int Size = 100;
    private const int ManyInFlight = 1_000_000;
    private const int OneInFlight = 40_000;

    public static async Task Run()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(RemoteMessages).Assembly.Location);
        start.ArgumentList.Add(Verb);
        using var peer = Process.Start(start)!;
        var there = await peer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the other process doesn't start");
        using var system = Create();
        var echo = await system.ActorSelection($"{there}/user/{Name}").ResolveOne(TimeSpan.FromSeconds(10));
        await Measure.Rate("between processes, 100 bytes, 1,000 in flight", ManyInFlight, () => PingPong(system, echo, ManyInFlight, 1_000));
        await Measure.Rate("between processes, 100 bytes, 1 in flight", OneInFlight, () => PingPong(system, echo, OneInFlight, 1));
        peer.StandardInput.Close();
        await peer.WaitForExitAsync();
        await system.Terminate();
    }

    /// <summary>The other process: tells its address, and lives until its input ends.</summary>
    public static async Task<int> RunPeer()
    {
        using var system = Create();
        system.ActorOf(Props.Create(() => new Echo()), Name);
        Console.WriteLine(((ExtendedActorSystem)system).Provider.DefaultAddress);
        await Console.In.ReadToEndAsync();
        await system.Terminate();
        return 0;
    }

    private static ActorSystem Create() => ActorSystem.Create("bench", ActorSystemSetup.Create(
        new RemoteSetup(),
        SerializationSetup.Create(system =>
            ImmutableHashSet.Create(SerializerDetails.Create("parcel", new ParcelSerializer(system), ImmutableHashSet.Create(typeof(Parcel)))))));

    private static async Task PingPong(ActorSystem system, IActorRef echo, int messages, int inFlight)
    {
        var done = new TaskCompletionSource();
        var pinger = system.ActorOf(Props.Create(() => new Pinger(echo, messages / 2, inFlight, done)));
        await done.Task;
        system.Stop(pinger);
    }

    private sealed record Parcel(byte[] Content);

    private sealed class ParcelSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 9_001;

        public override string Manifest(object o) => "P";

        public override byte[] ToBinary(object obj) => [.. ((Parcel)obj).Content];

        public override object FromBinary(byte[] bytes, string manifest) => new Parcel(bytes);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Pinger(IActorRef echo, int rounds, int inFlight, TaskCompletionSource done) : UntypedActor
    {
        private readonly Parcel _parcel = new(new byte[Size]);
        private int _sent;
        private int _received;

        protected override void PreStart()
        {
            for (; _sent < Math.Min(inFlight, rounds); _sent++)
                echo.Tell(_parcel, Self);
        }

        protected override void OnReceive(object message)
        {
            if (++_received == rounds)
                done.SetResult();
            if (_sent < rounds)
            {
                _sent++;
                echo.Tell(_parcel, Self);
            }
        }
    }
}
