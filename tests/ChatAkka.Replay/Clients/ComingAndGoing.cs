namespace ChatAkka.Replay.Clients;

/// <summary>How a device's program comes back after it was ended.</summary>
internal enum Resume
{
    /// <summary>It gives its client the cursors that it had exported.</summary>
    OwnCursors,

    /// <summary>It relies on what the server remembers.</summary>
    ServerCursors,
}

/// <summary>How a device goes away.</summary>
internal enum Leave
{
    /// <summary>Its program is ended, and with it its client. It comes back as a new client.</summary>
    Graceful,

    /// <summary>It loses its network: the TCP connection ends with FIN, and no other opens.</summary>
    Cut,

    /// <summary>It loses its network: the TCP connection ends with RST, and no other opens.</summary>
    Reset,
}
