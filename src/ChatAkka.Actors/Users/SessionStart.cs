using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Brings a session from its attach to where it is live: asks the stores where its device stands, then sends what it lacks, round by round
/// (<see cref="CatchUp"/> says what, <see cref="SessionSync"/> reads it). What lasts from step to step is in the session itself, so this is
/// made for one step; a session that has ended meanwhile is left alone.
/// </summary>
internal sealed class SessionStart(UserState state, UserServices services, UserSessions sessions, IActorRef self)
{
    /// <summary>The session has attached. Its cursors come back as <see cref="SessionLoaded"/>.</summary>
    public void Load(SessionDue due, DeviceCursors moves)
    {
        var (session, attach) = due;
        if (sessions.Contains(session))
        {
            new StoredCursors(services).LoadAsync(attach, moves.Unsaved(attach.Device), [.. state.Channels]).PipeTo(
                self,
                success: loaded => new SessionLoaded(session, loaded.Cursors, loaded.Heads),
                failure: cause => new SessionFailed(session, cause));
        }
    }

    /// <summary>The stores have answered: the first round is sent.</summary>
    public void Begin(SessionLoaded loaded, Inbox inbox, DeviceCursors moves, DeliveryReceiver deliveries, ReadCursors reads)
    {
        var (session, cursors) = (loaded.Session, loaded.Cursors);
        if (!sessions.Contains(session))
        {
            return;
        }

        Learn(inbox, loaded.Heads, cursors.Receipts, deliveries, reads);
        var catchUp = new CatchUp(state, inbox);
        if (catchUp.TellOfChannelsLeft(session, cursors) is { Count: > 0 } left)
        {
            // Once is enough. If this fails, it is told once more.
            services.Cursors.ForgetAsync(session.Device, left, CancellationToken.None).IgnoreFailure();
        }

        Read(session, catchUp.Begin(session, cursors, moves));
    }

    /// <summary>A part was read: it is told, and the next one is read, if there is one.</summary>
    /// <returns>True if the session has gone live.</returns>
    public bool Continue(SessionRead read, Inbox inbox)
    {
        var session = read.Session;
        if (!sessions.Contains(session))
        {
            return false;
        }

        foreach (var message in read.Messages)
        {
            session.Connection.Tell(message);
        }

        var missed = read.Rest.Count > 0 ? read.Rest : new CatchUp(state, inbox).Continue(session);
        if (missed.Count > 0)
        {
            Read(session, missed);
        }

        return session.IsLive;
    }

    /// <summary>The stores have said where the user stands.</summary>
    public void Learn(
        Inbox inbox,
        IReadOnlyDictionary<ChannelId, ChannelEvent> heads,
        IReadOnlyList<Receipt> receipts,
        DeliveryReceiver deliveries,
        ReadCursors reads)
    {
        foreach (var channel in inbox.Discover(state, heads, sessions.IsAnyLive))
        {
            deliveries.ReadGap(channel);
        }

        reads.Learn(receipts, state);
    }

    private void Read(Session session, IReadOnlyList<Stretch> missed) =>
        new SessionSync(state.Id, services).ReadAsync(missed).PipeTo(
            self,
            success: read => new SessionRead(session, read.Messages, read.Left),
            failure: cause => new SessionFailed(session, cause));
}
