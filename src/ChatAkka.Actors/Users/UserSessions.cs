using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// The connections of a user's devices. An array that is replaced with every change: a user has few, and most have one, all day long.
/// </summary>
internal sealed class UserSessions
{
    private Session[] _sessions = [];

    public bool IsEmpty => _sessions.Length == 0;

    public bool IsAnyLive => Array.Exists(_sessions, static session => session.IsLive);

    public bool Contains(Session session) => Array.IndexOf(_sessions, session) >= 0;

    public void Add(Session session) => _sessions = [.. _sessions, session];

    /// <summary>Whether a connection would take the place of another one of its device.</summary>
    public bool IsToReplace(AttachSession attach, IActorRef connection) =>
        Find(attach.Device) is { } there && !there.Connection.Equals(connection) && !IsOutlived(attach, there);

    /// <summary>Makes a connection the session of its device, and tells it so. Another one of the device is told that it was replaced; an
    /// earlier session over this connection ends without a word.</summary>
    /// <returns>Null if it isn't to have one: it comes back after a newer connection of the device has come, or by an attempt that a later
    /// one of its own has overtaken.</returns>
    public Session? Admit(AttachSession attach, IActorRef connection, IActorContext context)
    {
        if (Find(attach.Device) is { } there)
        {
            var isOwn = there.Connection.Equals(connection);
            if (isOwn && there.Attempt > attach.Attempt)
            {
                return null;
            }

            if (!isOwn && IsOutlived(attach, there))
            {
                connection.Tell(SessionReplaced.Instance);
                return null;
            }

            Remove(other => other == there);
            if (!isOwn)
            {
                Dismiss(there, SessionReplaced.Instance, context);
            }
        }

        var session = new Session(connection, attach);
        Add(session);
        context.Watch(connection);
        connection.Tell(new SessionAttached(attach.Attempt));
        return session;
    }

    /// <summary>Ends sessions with a word to each; false if there are none.</summary>
    public bool End(Predicate<Session> which, object farewell, IActorContext context)
    {
        var ended = Remove(which);
        foreach (var session in ended)
        {
            Dismiss(session, farewell, context);
        }

        return ended.Length > 0;
    }

    /// <summary>Removes sessions and returns them.</summary>
    public Session[] Remove(Predicate<Session> which)
    {
        var removed = Array.FindAll(_sessions, which);
        if (removed.Length > 0)
        {
            _sessions = Array.FindAll(_sessions, session => !removed.Contains(session));
        }

        return removed;
    }

    public void TellAll(object message)
    {
        foreach (var session in _sessions)
        {
            session.Connection.Tell(message);
        }
    }

    /// <summary>Passes a delivery on to the live sessions. The others are sent it as part of what they missed.</summary>
    public void Deliver(Delivery delivery)
    {
        foreach (var session in _sessions)
        {
            if (session.IsLive)
            {
                session.Deliver(delivery);
            }
        }
    }

    /// <summary>Tells the live sessions of a change of the user's channels. The others learn it when they have caught up.</summary>
    public void Announce(object change)
    {
        foreach (var session in _sessions)
        {
            if (session.IsLive)
            {
                session.Connection.Tell(change);
            }
        }
    }

    /// <summary>Tells each session what the store has of its device, and of the user's read cursors.</summary>
    public void TellStored(IReadOnlyCollection<DeviceCursor> stored)
    {
        foreach (var session in _sessions)
        {
            var its = ImmutableArray.CreateBuilder<StoredCursor>();
            foreach (var (device, channel, id) in stored)
            {
                if (device == DeviceCursors.Reader)
                {
                    its.Add(new StoredCursor(channel, 0, id));
                }
                else if (device == session.Device)
                {
                    its.Add(new StoredCursor(channel, id, 0));
                }
            }

            if (its.Count > 0)
            {
                session.Connection.Tell(new CursorsStored(its.ToImmutable()));
            }
        }
    }

    // Who comes for the first time is newer than who is there, whatever the clocks of two nodes say. Who comes back need not be.
    private static bool IsOutlived(AttachSession attach, Session there) => attach.Attempt > 0 && there.OpenedAt > attach.OpenedAt;

    private Session? Find(DeviceId device) => Array.Find(_sessions, session => session.Device == device);

    private static void Dismiss(Session session, object farewell, IActorContext context)
    {
        context.Unwatch(session.Connection);
        session.Connection.Tell(farewell);
    }
}
