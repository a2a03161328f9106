using ChatAkka.Gateway.Transport;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>
/// A virtual socket: a connection in memory whose client end are HTTP calls. For the connection and its actor it is a transport like any
/// other; the client at its end answers a close frame at once.
/// </summary>
/// <param name="name">Tells this session from all others of its device.</param>
internal sealed class PollTransport(string name) : ITransport
{
    /// <summary>What the client posts.</summary>
    public PollInput Posted { get; } = new();

    /// <summary>What waits for the client's polls.</summary>
    public PollOutput Polled { get; } = new(name);

    /// <inheritdoc/>
    public ValueTask<Input> ReadAsync() => Posted.ReadAsync();

    /// <inheritdoc/>
    public void AdvanceTo(SequencePosition consumed, SequencePosition examined) => Posted.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Polled.Write(bytes))
        {
            Posted.End();
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> FlushAsync() => Polled.FlushAsync();

    /// <inheritdoc/>
    public void Abort()
    {
        // In this order: a close frame that waits for room goes out before the actor learns that nobody is there.
        Polled.Unbind();
        Posted.End();
    }

    /// <inheritdoc/>
    public void Close()
    {
        Posted.End();
        Polled.End();
    }
}
