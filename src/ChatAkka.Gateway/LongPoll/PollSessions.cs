using System.Diagnostics.CodeAnalysis;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.WebSockets;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>
/// The sessions by long poll on this node, one a device. An account has at most <c>Limits:SocketsPerAccount</c>, those included that are
/// closed and have still to tell why: of these the oldest makes room. Its open ones count as sockets besides.
/// </summary>
internal sealed class PollSessions(
    WebSocketAcceptor acceptor, ConnectionRegistry registry, LimitsOptions limits, TimeProvider time, ILogger<PollSessions> log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, List<PollSession>> _sessions = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Values.Sum(static sessions => sessions.Count);
            }
        }
    }

    /// <summary>The device's session; null if it has none, or one that has ended and told so.</summary>
    public PollSession? Find(Authenticated owner)
    {
        lock (_lock)
        {
            return _sessions.GetValueOrDefault(owner.User)?.Find(session => session.Owner.Device == owner.Device && !session.IsOver);
        }
    }

    /// <summary>Opens a session in place of the device's earlier one, which the user's actor will close as it closes a socket.</summary>
    /// <param name="polled">A poll opens it; otherwise the first poll that comes goes on with it, whatever that names.</param>
    /// <returns>False if the account has too many.</returns>
    public bool TryOpen(Authenticated owner, string token, bool polled, [NotNullWhen(true)] out PollSession? session)
    {
        var opened = new PollSession(owner, token, time, Forget);
        if (polled)
        {
            opened.TryClaim(null);
        }

        session = TryAdd(opened) ? opened : null;
        if (session is null)
        {
            return false;
        }

        GatewayLog.PollOpened(log, owner.Device.Value);
        acceptor.Serve(opened.Transport);
        registry.Add(opened);
        return true;
    }

    private bool TryAdd(PollSession added)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(added.Owner.User, out var sessions))
            {
                _sessions.Add(added.Owner.User, sessions = []);
            }

            Abandon(sessions, session => session.Owner.Device == added.Owner.Device);
            if (sessions.Count >= limits.SocketsPerAccount && !Abandon(sessions, static session => session.IsClosed))
            {
                return false;
            }

            sessions.Add(added);
            return true;
        }
    }

    private static bool Abandon(List<PollSession> sessions, Predicate<PollSession> which)
    {
        var index = sessions.FindIndex(which);
        if (index < 0)
        {
            return false;
        }

        sessions[index].Abandon();
        sessions.RemoveAt(index);
        return true;
    }

    private void Forget(PollSession session)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue(session.Owner.User, out var sessions) && sessions.Remove(session) && sessions.Count == 0)
            {
                _sessions.Remove(session.Owner.User);
            }
        }
    }
}
