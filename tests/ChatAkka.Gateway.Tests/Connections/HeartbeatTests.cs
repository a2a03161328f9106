using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;
using ChatAkka.Gateway.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using Socket = System.Net.Sockets.Socket;

namespace ChatAkka.Gateway.Tests.Connections;

/// <summary>Tests that count what the whole process allocates run alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A heartbeat ends where it is read.</summary>
[Collection(nameof(Alone))]
public sealed class HeartbeatTests : ConnectionTestKit
{
    private const int WarmUp = 500;
    private const int Rounds = 100;
    private const int Measured = 100;

    [SkippableFact]
    public void A_heartbeat_over_a_real_socket_allocates_nothing_and_tells_nobody()
    {
        Skip.IfNot(Native.IsSupported, "Needs epoll: run it on Linux.");
        using var poller = new SocketPoller(NullLogger<SocketPoller>.Instance);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        var files = new FileBudget(int.MaxValue, () => 0, TimeProvider.System);
        files.TryEnter();
        var accepted = SocketFile.TakeFrom(listener.Accept());
        var transport = new SocketTransport(accepted, 0, poller, files);
        poller.Add(accepted, transport);
        var clock = new Clock();
        var services = Support.Socket.Services(Channels, Users, Authenticator, Timeline, Limits, clock);
        var connection = new Connection(transport, services);

        // As in the server: without the context of a test runner, which would be told of every read.
        SynchronizationContext.SetSynchronizationContext(null);
        connection.Start(Sys.ActorOf(ConnectionActor.Props(connection)));
        client.Send(ClientBytes.Text($$"""{"op":"hello","ref":"h","token":"{{Some.Kim}}/{{Some.KimsPhone}}"}"""));
        Attach();
        Users.Reply(SyncCompleted.Instance);
        AwaitCondition(() => connection.State == ConnectionState.Serving, TimeSpan.FromSeconds(10));
        var heartbeat = ClientBytes.Text("""{"op":"heartbeat"}""");
        Beat(WarmUp);

        // The process has other threads, which allocate now and then: in some round they don't. What a heartbeat needed would be there in every one.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Beat(Measured);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        least.ShouldBe(0);
        Users.HasMessages.ShouldBeFalse();
        Channels.HasMessages.ShouldBeFalse();

        void Beat(int count)
        {
            for (var i = 0; i < count; i++)
            {
                clock.Milliseconds += 1_000;
                client.Send(heartbeat);
                var patience = new SpinWait();
                while (connection.LastFrameAt != services.UnixNow)
                {
                    patience.SpinOnce();
                }

                connection.Sweep(clock.GetTimestamp());
            }
        }
    }

    [Fact]
    public async Task Heartbeats_that_come_too_often_are_judged()
    {
        Limits = new LimitsOptions { SocketRequestsPerSecond = 1, SocketBurst = 1 };
        var socket = await OpenAsync();
        for (var i = 0; i < 200; i++)
        {
            socket.Send("""{"op":"heartbeat"}""");
        }

        (await socket.ReadCloseAsync()).ShouldBe((int)Protocol.CloseCode.TooSlow);
    }

    // One that moves without making anything.
    private sealed class Clock : TimeProvider
    {
        private long _milliseconds = 1_000;

        public long Milliseconds
        {
            get => Volatile.Read(ref _milliseconds);
            set => Volatile.Write(ref _milliseconds, value);
        }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Milliseconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(Milliseconds);
    }
}
