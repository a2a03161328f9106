using System.Net;
using System.Net.Sockets;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Transport;
using ChatAkka.Gateway.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChatAkka.Gateway.Tests.Transport;

/// <summary>A connection that hasn't said anything yet.</summary>
public sealed class ArrivalTests : IAsyncLifetime
{
    private const long Deadline = 10;

    private readonly SocketPollers _pollers = new(NullLogger<SocketPoller>.Instance);
    private readonly FileBudget _files = new(int.MaxValue, () => 0, TimeProvider.System);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _server;
    private SocketFile? _file;
    private readonly GatewayListener _listener;

    public ArrivalTests()
    {
        using var first = Listening();
        _client.Connect(first.LocalEndPoint!);
        _server = first.Accept();
        _files.TryEnter();
        var acceptor = new Lazy<WebSocketAcceptor>(() => throw new InvalidOperationException("nobody asks for a WebSocket here"));
        _listener = new GatewayListener(Listening(), new ListenerServices(
            Options.Create(new SocketTransportOptions()), _pollers, acceptor, new ConnectionRegistry(), _files, TimeProvider.System,
            NullLoggerFactory.Instance));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        _pollers.Dispose();
        _client.Dispose();
        _server?.Dispose();
        _file?.Dispose();
    }

    [SkippableFact]
    public void It_waits_though_it_is_told_of_the_end_of_another_that_had_its_descriptor()
    {
        var arrival = Arrive();

        arrival.OnReady(Readiness.Input | Readiness.Error | Readiness.HangUp | Readiness.InputEnd);

        arrival.Sweep(Deadline - 1).ShouldBeTrue("it still waits");
        _files.Open.ShouldBe(1);
    }

    [SkippableFact]
    public void It_is_cut_when_its_time_is_over()
    {
        var arrival = Arrive();

        arrival.Sweep(Deadline).ShouldBeFalse();

        _files.Open.ShouldBe(0);
        Should.Throw<SocketException>(() => _client.Receive(new byte[1])).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [SkippableFact]
    public void It_ends_when_its_client_goes_without_a_word()
    {
        var arrival = Arrive();
        _client.Shutdown(SocketShutdown.Both);

        SpinWait.SpinUntil(HasInput, TimeSpan.FromSeconds(10)).ShouldBeTrue();
        arrival.OnReady(Readiness.Input | Readiness.InputEnd);

        arrival.Sweep(Deadline - 1).ShouldBeFalse();
        _files.Open.ShouldBe(0);
    }

    [SkippableFact]
    public async Task What_is_not_for_the_gateway_goes_on_to_Kestrel_with_all_its_bytes()
    {
        var arrival = Arrive();
        await _client.SendAsync("GET / HTTP/1.1\r\n"u8.ToArray());
        SpinWait.SpinUntil(HasInput, TimeSpan.FromSeconds(10)).ShouldBeTrue();

        arrival.OnReady(Readiness.Input);

        arrival.Sweep(Deadline).ShouldBeFalse("it is Kestrel's now");
        await using var connection = (await _listener.AcceptAsync()).ShouldNotBeNull();
        var read = await connection.Transport.Input.ReadAtLeastAsync(16);
        read.Buffer.Length.ShouldBe(16);
    }

    private Arrival Arrive()
    {
        var poller = _pollers.Next();
        Skip.If(poller is null, "Arrival is for 64-bit Linux; everywhere else Kestrel serves.");
        _file = SocketFile.TakeFrom(_server!);
        _server = null;
        var arrival = new Arrival(_file, poller, _listener, Deadline);
        poller.Add(_file, new Silent()); // the tests tell it themselves
        return arrival;
    }

    private bool HasInput()
    {
        var first = new byte[1];
        return Native.Receive(_file!, ref first[0], first.Length, Native.DontWait | Native.Peek) >= 0;
    }

    private static Socket Listening()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private sealed class Silent : IPolled
    {
        public void OnReady(Readiness readiness)
        {
            // Somebody else tells.
        }
    }
}
