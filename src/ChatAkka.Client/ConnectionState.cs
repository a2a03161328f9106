namespace ChatAkka.Client;

/// <summary>What a <see cref="ChatClient"/> is doing about its connection.</summary>
public enum ConnectionState
{
    /// <summary><see cref="ChatClient.ConnectAsync"/> wasn't called yet.</summary>
    Idle,

    /// <summary>It is looking for a server, connecting, or taking in what it missed.</summary>
    Connecting,

    /// <summary>It has everything and gets what happens.</summary>
    Connected,

    /// <summary>It lost the connection, or found no server, and pauses before the next attempt.</summary>
    Waiting,

    /// <summary>It has ended and won't come back: it was disposed of, or the server said that it needs a person or a new token.</summary>
    Stopped,
}
