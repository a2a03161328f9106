namespace Akka.Remote.Transport;

/// <summary>
/// The machine at an address is there, and says that no program listens: whichever did has ended, or was told to stop listening. A link that
/// wasn't answered at all says nothing of the kind.
/// </summary>
internal sealed class NobodyListensException(string message, Exception? innerException = null) : IOException(message, innerException);
