using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Whoever isn't a node, at either end of a connection.</summary>
public sealed class StrangerTests : TransportTest
{
    private readonly TcpTestNetwork _network;

    public StrangerTests()
        : this(new TcpTestNetwork(far: settings => settings with { MaxHandshakes = 2 }))
    {
    }

    private StrangerTests(TcpTestNetwork network)
        : base(network) => _network = network;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: chat\r\n\r\n")]
    [InlineData("G")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    [InlineData("\u00ac\u00e3AKKA\u0001")]
    [InlineData("\u00ac>")]
    [InlineData("")]
    public async Task Stranger_is_cut_off_before_anybody_learns_of_it(string says)
    {
        var listener = Listen();
        using var stranger = await RawPeer.Connect(listener.Port);
        await stranger.Send(Encoding.Latin1.GetBytes(says));
        // Some are known by their first byte. Others have only begun, and end there.
        if (says is "" or "\u00ac>")
            stranger.EndSending();
        (await stranger.ReceiveToEnd()).ShouldBe(0);
        Accepted.ShouldBeEmpty();
        await Until(() => _network.Log.Lines.Length == 1, "a line in the log");
        _network.Log.Lines[0].ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task Many_strangers_are_one_line_a_minute_in_the_log()
    {
        var listener = Listen();
        for (var i = 0; i < 50; i++)
            await Knock(listener.Port);
        await Until(() => _network.Log.Lines.Length > 0, "a line in the log");
        Network.Advance(TimeSpan.FromSeconds(61));
        await Knock(listener.Port);
        await Until(() => _network.Log.Lines.Length > 1, "a second line in the log");
        _network.Log.Lines.Length.ShouldBe(2);
        _network.Log.Lines[1].ShouldContain("such events");
    }

    [Fact]
    public async Task Stranger_that_says_nothing_is_cut_off_when_its_time_is_up()
    {
        var listener = Listen();
        using var stranger = await RawPeer.Connect(listener.Port);
        // Its time has begun when a later one is through.
        using var node = await RawPeer.Greet(listener.Port);
        Network.Advance(Network.ConnectTimeout);
        (await stranger.ReceiveToEnd()).ShouldBe(0);
        await node.Send(RawPeer.Frame([1]));
        await Until(() => Accepted[0].Count == 1, "the frame of the node");
        await Until(() => _network.Log.Lines.Length == 1, "a line in the log");
        _network.Log.Lines[0].ShouldContain("too long");
    }

    [Fact]
    public async Task Too_many_that_say_nothing_push_out_the_oldest_but_no_node()
    {
        var listener = Listen();
        using var first = await RawPeer.Connect(listener.Port);
        using var second = await RawPeer.Connect(listener.Port);
        using var node = await RawPeer.Greet(listener.Port);
        (await first.ReceiveToEnd()).ShouldBe(0);
        await second.Send(RawPeer.Greeting);
        (await second.Receive(RawPeer.Answer.Length)).ShouldBe(RawPeer.Answer);
        await Until(() => Accepted.Count == 2, "two links");
    }

    [Fact]
    public async Task Node_of_another_version_is_answered_and_cut_off()
    {
        var listener = Listen();
        using var other = await RawPeer.Connect(listener.Port);
        await other.Send([.. RawPeer.Greeting[..^1], 9]);
        (await other.Receive(RawPeer.Answer.Length + 1)).ShouldBe(RawPeer.Answer);
        Accepted.ShouldBeEmpty();
        await Until(() => _network.Log.Lines.Length == 1, "a line in the log");
        _network.Log.Lines[0].ShouldContain("version 9");
    }

    [Theory]
    [InlineData(new byte[] { 72, 84, 84, 80 }, "isn't a node")]
    [InlineData(new byte[] { 0xAC, 0x3E, 65, 75, 75, 65, 1 }, "isn't a node")]
    [InlineData(new byte[] { 0xAC, 0xE3, 65, 75, 75, 65, 9 }, "version 9")]
    [InlineData(new byte[] { 0xAC }, "too little")]
    [InlineData(new byte[0], "nothing")]
    public async Task Link_with_what_is_no_node_is_closed_with_a_cause_that_says_so(byte[] answer, string complaint)
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        var handler = NewHandler();
        var port = ((IPEndPoint)listening.LocalEndPoint!).Port;
        Network.Near.Connect(new Address("akka.tcp", "test", "127.0.0.1", port), handler);
        using var stranger = new RawPeer(await listening.AcceptAsync());
        (await stranger.Receive(RawPeer.Greeting.Length)).ShouldBe(RawPeer.Greeting);
        await stranger.Send(answer);
        stranger.EndSending();
        await Until(() => handler.IsClosed, "the link to be closed");
        handler.IsOpen.ShouldBeFalse();
        handler.Cause!.Message.ShouldContain(complaint);
        handler.Cause.Message.ShouldContain($"127.0.0.1:{port}");
    }

    [Fact]
    public async Task Disposed_listener_cuts_off_whoever_has_not_said_yet_what_it_is()
    {
        var listener = Listen();
        using var slow = await RawPeer.Connect(listener.Port);
        using var node = await RawPeer.Greet(listener.Port);
        listener.Dispose();
        (await slow.ReceiveToEnd()).ShouldBe(0);
        _network.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Connections_that_can_not_be_accepted_are_waited_for_and_said_once()
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        var time = new RecordingTime(_network.Time);
        var settings = new TcpTransportSettings { Time = time, Log = _network.Log };
        var acceptor = new TcpAcceptor(settings, null, listening, link => NewHandler(link));
        var tries = 0;
        var running = acceptor.RunAsync(cancellation =>
            ++tries < 10 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : listening.AcceptAsync(cancellation));
        int[] pauses = [50, 100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000];
        for (var i = 0; i < pauses.Length; i++)
        {
            await Until(() => time.Waits.Length > i, "the next pause");
            Network.Advance(time.Waits[i]);
        }

        using var node = await RawPeer.Greet(acceptor.Port);
        time.Waits.Take(pauses.Length).ShouldBe(pauses.Select(pause => TimeSpan.FromMilliseconds(pause)));
        _network.Log.Lines.Length.ShouldBe(1);
        acceptor.Dispose();
        await Until(() => running.IsCompletedSuccessfully, "the loop to end");
    }

    private static async Task Knock(int port)
    {
        using var stranger = await RawPeer.Connect(port);
        await stranger.Send(71);
        await stranger.ReceiveToEnd();
    }

    /// <summary>Keeps what timers were made for.</summary>
    private sealed class RecordingTime(TimeProvider time) : TimeProvider
    {
        private readonly List<TimeSpan> _waits = [];

        public TimeSpan[] Waits
        {
            get
            {
                lock (_waits)
                    return [.. _waits];
            }
        }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = time.CreateTimer(callback, state, dueTime, period);
            lock (_waits)
                _waits.Add(dueTime);
            return timer;
        }
    }
}
