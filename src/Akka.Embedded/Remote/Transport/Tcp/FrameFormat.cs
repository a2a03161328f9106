namespace Akka.Remote.Transport.Tcp;

/// <summary>What a frame looks like on its way: its length as 4 bytes, little endian, and its bytes.</summary>
internal static class FrameFormat
{
    public const int HeaderLength = sizeof(int);

    /// <summary>Instead of a length: the other side closes the link on purpose, and nothing follows. An end without it is a failure: that
    /// of a process that was killed looks the same to TCP as an orderly one.</summary>
    public const int Goodbye = -1;
}
