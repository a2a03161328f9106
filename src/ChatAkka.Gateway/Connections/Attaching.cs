using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Connections;

/// <summary>How far a connection is with asking whether its device may still have a session.</summary>
internal enum SessionCheck
{
    /// <summary>The store is to be asked.</summary>
    Due,

    /// <summary>It is being asked.</summary>
    Running,

    /// <summary>It may.</summary>
    Passed,
}

/// <summary>
/// What a connection remembers while its session isn't live: of its attempts to attach to the user's actor. Neither an idle connection has
/// one nor a busy one.
/// </summary>
/// <param name="cursors">See <see cref="Cursors"/>.</param>
/// <param name="now">Timestamp: patience counts from here.</param>
internal sealed class Attaching(IReadOnlyDictionary<ChannelId, long>? cursors, long now)
{
    // A dead node's users live elsewhere 4 to 8 s later. Whoever tries then is soon there; whoever has just tried waits for up to this long.
    private const int PauseMs = 2_000;

    /// <summary>Where the device says itself that it is: until it is there. Null if it doesn't.</summary>
    public IReadOnlyDictionary<ChannelId, long>? Cursors { get; set; } = cursors;

    /// <summary>When the session was lost, or something came of an attempt.</summary>
    public long Since { get; set; } = now;

    /// <summary>The latest attempt.</summary>
    public long TriedAt { get; set; }

    /// <summary>When the next attempt is to be made, if the session isn't attached by then.</summary>
    public long DueAt { get; set; }

    /// <summary>The session gets what comes.</summary>
    public bool IsLive { get; set; }

    /// <summary>A device may be revoked while nobody can tell its socket so.</summary>
    public SessionCheck Check { get; set; } = SessionCheck.Passed;

    /// <summary>An attempt is made now.</summary>
    /// <param name="salt">By it sockets differ in how much their pauses are shortened: many lose the same node at the same time.</param>
    public void Try(long now, long salt, ConnectionServices services)
    {
        (TriedAt, IsLive) = (now, false);
        var shortened = (int)(unchecked((ulong)(salt + now) * 0x9E3779B97F4A7C15) >> 33) % (PauseMs / 2);
        DueAt = now + services.Ticks(PauseMs - shortened);
    }
}
