using ChatAkka.Protocol;

namespace ChatAkka.Client.Sessions;

/// <summary>Why the client itself ended a connection.</summary>
internal enum Leaving
{
    /// <summary>It didn't.</summary>
    None,

    /// <summary>To fetch what is missing.</summary>
    Repair,

    /// <summary>The server asked it to go elsewhere.</summary>
    Move,
}

/// <summary>How a connection ended, or didn't begin.</summary>
/// <param name="Error">What the server said about it, or what went wrong; null if the code says it all.</param>
internal sealed record ConnectionEnd(CloseCode Code, ChatException? Error, Leaving Leaving)
{
    /// <summary>How long the device was connected, from the moment on when it had everything; zero if it never had.</summary>
    public TimeSpan Held { get; init; }

    /// <summary>The connection brought events.</summary>
    public bool MadeProgress { get; init; }

    /// <summary>The client tries again by itself.</summary>
    public bool ComesBack => Leaving != Leaving.None || CloseCodes.ComesBack(Code);

    public static ConnectionEnd Unreachable(ChatException error) => new(CloseCode.Abnormal, error, Leaving.None);
}
