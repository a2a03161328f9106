using System.Buffers;

namespace ChatAkka.Gateway.Transport;

/// <summary>
/// The bytes of one connection. One reader at a time reads and one writer at a time writes, each on whatever thread.
/// While it waits for input and nothing is written, it holds no buffer.
/// </summary>
internal interface ITransport
{
    /// <summary>Waits for input that hasn't been examined, and shows it with what is left of earlier input.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask<Input> ReadAsync();

    /// <summary>Ends the look at what was read last.</summary>
    /// <param name="consumed">What is before is given up.</param>
    /// <param name="examined">If this is the end, the next read waits for more; otherwise it shows the rest again at once.</param>
    void AdvanceTo(SequencePosition consumed, SequencePosition examined);

    /// <summary>Adds bytes to what the next flush sends.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what was written; done when the system has taken it. Nothing may be written meanwhile.</summary>
    /// <returns>False if the other end is gone.</returns>
    ValueTask<bool> FlushAsync();

    /// <summary>Cuts the connection, whatever is still to be sent. From any thread, more than once, also after
    /// <see cref="Close"/>.</summary>
    void Abort();

    /// <summary>Gives the connection back, once, when nobody reads or writes any more.</summary>
    void Close();
}

/// <summary>What a read shows.</summary>
/// <param name="Bytes">Valid until the reader advances; the reader may change them.</param>
/// <param name="IsCompleted">Nothing follows.</param>
internal readonly record struct Input(ReadOnlySequence<byte> Bytes, bool IsCompleted);
