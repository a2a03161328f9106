namespace ChatAkka.Replay.Clients;

/// <summary>How a device comes back.</summary>
internal enum Resume
{
    /// <summary>It says in <c>hello</c> what it has.</summary>
    OwnCursors,

    /// <summary>It relies on what it acknowledged with <c>delivered</c>.</summary>
    ServerCursors,
}

/// <summary>How a device goes away.</summary>
internal enum Leave
{
    /// <summary>With a close frame, answered.</summary>
    Graceful,

    /// <summary>The TCP connection ends with FIN.</summary>
    Cut,

    /// <summary>The TCP connection ends with RST.</summary>
    Reset,
}
