using Akka.Actor;

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
}
