using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Two nodes on a network, with handlers that watch over how they are treated.</summary>
public abstract class TransportTest : IDisposable
{
    protected const int NoLimit = int.MaxValue;

    private readonly List<RecordingHandler> _handlers = [];
    private readonly List<RecordingHandler> _accepted = [];

    private protected TransportTest(TestNetwork network) => Network = network;

    private protected TestNetwork Network { get; }

    protected IListener? Listener { get; private set; }

    /// <summary>Of the links that were accepted, in that order.</summary>
    protected IReadOnlyList<RecordingHandler> Accepted
    {
        get
        {
            lock (_accepted)
                return [.. _accepted];
        }
    }

    /// <summary>Of all links, at both ends.</summary>
    protected IReadOnlyList<RecordingHandler> Handlers
    {
        get
        {
            lock (_handlers)
                return [.. _handlers];
        }
    }

    public void Dispose()
    {
        foreach (var handler in Handlers)
        {
            handler.Release();
            handler.Link?.Close();
        }

        Listener?.Dispose();
        Network.Dispose();
        foreach (var handler in Handlers)
            handler.ShouldHaveBeenTreatedWell();
        GC.SuppressFinalize(this);
    }

    protected Task Until(Func<bool> condition, string what) => Network.Until(condition, what);

    /// <summary>Both ends of an open link.</summary>
    protected async Task<(RecordingHandler Near, RecordingHandler Far)> Open()
    {
        Listen();
        var near = Connect();
        await Until(() => near.IsOpen && Accepted.Count == 1 && Accepted[0].Link is not null, "a link to open");
        return (near, Accepted[0]);
    }

    protected IListener Listen(int port = 0, Action<ILink>? onAccept = null, Action<ILink, byte[]>? onReceived = null) =>
        Listener = Network.Far.Listen(Network.FarHost, port, link =>
        {
            onAccept?.Invoke(link);
            var handler = NewHandler(link);
            handler.OnReceived = onReceived;
            lock (_accepted)
                _accepted.Add(handler);
            return handler;
        });

    protected Address Address() => new("akka.tcp", "test", Network.FarHost, Listener!.Port);

    protected RecordingHandler Connect()
    {
        var handler = NewHandler();
        RecordingHandler.Calling(() => Network.Near.Connect(Address(), handler));
        return handler;
    }

    protected RecordingHandler NewHandler(ILink? link = null)
    {
        var handler = new RecordingHandler(link);
        lock (_handlers)
            _handlers.Add(handler);
        return handler;
    }

    /// <summary>Lets go of all handlers, none of which was treated badly.</summary>
    protected void Forget()
    {
        foreach (var handler in Handlers)
            handler.ShouldHaveBeenTreatedWell();
        lock (_handlers)
            _handlers.Clear();
        lock (_accepted)
            _accepted.Clear();
    }

    protected static bool Send(RecordingHandler from, byte[] frame, int limit = NoLimit) =>
        RecordingHandler.Calling(() => from.Link!.TrySend(frame, limit));

    protected static void Close(RecordingHandler handler) => RecordingHandler.Calling(() =>
    {
        handler.Link!.Close();
        return true;
    });

    protected static byte[] Number(int number) => BitConverter.GetBytes(number);

    protected static byte[] Number(int number, byte[] frame)
    {
        BitConverter.TryWriteBytes(frame, number);
        return frame;
    }

    protected static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }
}
