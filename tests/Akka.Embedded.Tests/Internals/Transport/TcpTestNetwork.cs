using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;
using Akka.Runtime;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Two nodes on the loopback. Time-outs are the test's own: nothing of these waits for the clock.</summary>
internal sealed class TcpTestNetwork : TestNetwork
{
    private readonly Socket _silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="near">What the settings of one node are other than the defaults.</param>
    /// <param name="far">Likewise of the other.</param>
    public TcpTestNetwork(
        Func<TcpTransportSettings, TcpTransportSettings>? near = null, Func<TcpTransportSettings, TcpTransportSettings>? far = null)
    {
        var settings = new TcpTransportSettings { Time = Time, Log = Log };
        Near = new TcpTransport(near?.Invoke(settings) ?? settings);
        Far = new TcpTransport(far?.Invoke(settings) ?? settings);
        ConnectTimeout = settings.ConnectTimeout;
        CloseTimeout = settings.CloseTimeout;
        // The system accepts connections for it, and that is all that happens.
        _silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _silent.Listen();
    }

    /// <summary>Of both nodes, as the log is.</summary>
    public VirtualTime Time { get; } = new();

    public RecordingLog Log { get; } = new();

    public override ITransport Near { get; }

    public override ITransport Far { get; }

    public override string FarHost => "127.0.0.1";

    public override Address Silent => new("akka.tcp", "test", FarHost, ((IPEndPoint)_silent.LocalEndPoint!).Port);

    public override TimeSpan ConnectTimeout { get; }

    public TimeSpan CloseTimeout { get; }

    public override Task Until(Func<bool> condition, string what) => Waiting.Until(condition, what);

    public override void Advance(TimeSpan duration) => Time.Advance(duration);

    public override void Break(ILink link) => ((TcpLink)link).Break();

    public override void Dispose() => _silent.Dispose();
}
