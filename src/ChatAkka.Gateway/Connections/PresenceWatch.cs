using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// Whose presence a socket shows: those it wants, as far as it may. The user's actor says whom it may watch, and says when that may have changed; the
/// node's presence says how they are. One such round is under way at a time, so that the last <c>watch</c> is the one that counts. Part of a connection's actor.
/// </summary>
internal sealed class PresenceWatch(ConnectionServices services, IActorRef self, Authenticated identity)
{
    // A round that no request waits for.
    private const long Recheck = -1;

    private readonly Queue<(long Request, ImmutableArray<UserId> Users)> _next = new();
    private ImmutableArray<UserId> _wanted = [];
    private ImmutableArray<UserId> _shown = [];
    private bool _isAsking;
    private bool _isOutdated;

    /// <summary>Replaces the users; the answer is <see cref="Shown"/> for this request.</summary>
    public void Set(long request, ImmutableArray<UserId> users)
    {
        _next.Enqueue((request, users));
        Advance();
    }

    /// <summary>Friends, blocks or members have changed.</summary>
    public void Outdated()
    {
        _isOutdated |= !_wanted.IsEmpty || _isAsking;
        Advance();
    }

    /// <summary>The user's actor has answered.</summary>
    /// <returns>The request that failed with it, if one did.</returns>
    public long? Allowed(WatchAllowed allowed)
    {
        if (!allowed.Users.IsDefault)
        {
            services.Presence.Tell(new WatchPresence(allowed.Request, allowed.Users), self);
            return null;
        }

        _isAsking = false;
        _isOutdated |= allowed.Request == Recheck;
        return allowed.Request == Recheck ? null : allowed.Request;
    }

    /// <summary>The presence has answered: the round is over.</summary>
    /// <returns>The states that are news to the client; all of them for a request.</returns>
    public IEnumerable<PresenceState> Shown(PresenceWatched watched)
    {
        var before = _shown;
        _shown = [.. watched.States.Select(state => state.User)];
        _isAsking = false;
        Advance();
        return watched.Request == Recheck ? watched.States.Where(state => !before.Contains(state.User)) : watched.States;
    }

    private void Advance()
    {
        if (_isAsking)
        {
            return;
        }

        var request = Recheck;
        if (_next.TryDequeue(out var next))
        {
            (request, _wanted) = next;
        }
        else if (!_isOutdated)
        {
            return;
        }

        (_isAsking, _isOutdated) = (true, false);
        services.Users.Tell(new FilterWatched(identity.User, request, _wanted), self);
    }
}
