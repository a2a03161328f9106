using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>
/// The network as the runtime sees it: links that carry frames. The seam by which a simulator takes over a whole cluster's network. All
/// members are thread-safe and return at once; what happens later is told to an <see cref="ILinkHandler"/>.
/// </summary>
public interface ITransport
{
    /// <summary>Accepts links from now on.</summary>
    /// <param name="host">The address to bind.</param>
    /// <param name="port">0 for any free one.</param>
    /// <param name="accept">Asked for every link that another node opens, before anything is received over it; for several links at once,
    /// if they are opened at once. The link can be sent over already.</param>
    /// <exception cref="IOException">The address can't be bound.</exception>
    IListener Listen(string host, int port, Func<ILink, ILinkHandler> accept);

    /// <summary>Begins to open a link; the handler is told when it is open, or that it is closed.</summary>
    ILink Connect(Address remote, ILinkHandler handler);
}

/// <summary>A bound address. Disposing it accepts no more links; those that are open stay.</summary>
public interface IListener : IDisposable
{
    int Port { get; }
}

/// <summary>
/// One ordered, reliable way to another node, in both directions. While it is open nothing is lost or reordered; when it closes, what had
/// not arrived by then may or may not arrive.
/// </summary>
public interface ILink
{
    /// <summary>Who is at the other end, for the log.</summary>
    string RemoteName { get; }

    /// <summary>Bytes that were accepted and have not been handed to the network yet.</summary>
    int PendingBytes { get; }

    /// <summary>
    /// Queues a frame, which is copied. What is queued together leaves together. False if the link is not open yet or any more, or if more
    /// than <paramref name="limit"/> bytes are waiting already: then nothing was queued.
    /// </summary>
    /// <param name="frame">At most <see cref="Frames.MaxLength"/> bytes.</param>
    /// <param name="limit">How many bytes may wait before this frame; control frames are given more room than others.</param>
    bool TrySend(ReadOnlySpan<byte> frame, int limit);

    /// <summary>Sends what is queued, waiting a moment at most, and closes. What comes in meanwhile is not handed out. The handler is told
    /// once, as for any other end, and not from inside this call.</summary>
    void Close();
}

/// <summary>
/// What happens on a link. Called by one thread at a time, in the order of the events; a handler that takes long keeps its own link
/// waiting, and with it the sender at the other end: that is the back-pressure.
/// </summary>
public interface ILinkHandler
{
    /// <summary>The link carries frames from now on. Only told to the side that connected.</summary>
    void Opened(ILink link);

    /// <param name="frame">Valid until the call returns.</param>
    void Received(ILink link, ReadOnlySpan<byte> frame);

    /// <summary>The last call. The link was closed by either side, has failed, or could not be opened.</summary>
    /// <param name="cause">Null when it was closed on purpose.</param>
    void Closed(ILink link, Exception? cause);
}

/// <summary>What all transports have in common.</summary>
public static class Frames
{
    /// <summary>In bytes. A peer that announces more is cut off.</summary>
    public const int MaxLength = 128 * 1024 * 1024;
}
