using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;

namespace ChatAkka.Gateway.Connections;

/// <summary>
/// Whose presence a socket shows: those it wants, as far as it may. The user's actor says whom it may watch, and says when that may have
/// changed; the node's presence says how they are. One such round is under way at a time, so that the last <c>watch</c> is the one that
/// counts. Part of a connection's actor.
/// </summary>
internal sealed class PresenceWatch(ConnectionServices services, IActorRef self, Authenticated identity)
{
    // A round that no request waits for.
    private const long Recheck = -1;

    private readonly Queue<(long Request, ImmutableArray<UserId> Users)> _next = new();
    private ImmutableArray<UserId> _wanted = [];
    private ImmutableArray<UserId> _shown = [];
    private long _round;
    private long _request;
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

    /// <summary>There is another incarnation of the user's actor: what the earlier one was asked, this one is; and something may have changed
    /// that nobody has said.</summary>
    public void AskAgain()
    {
        if (_isAsking)
        {
            Ask();
        }

        Outdated();
    }

    /// <summary>The user's actor has answered.</summary>
    /// <returns>The request that failed with it, if one did.</returns>
    public long? Allowed(WatchAllowed allowed)
    {
        if (!_isAsking || allowed.Request != _round)
        {
            return null; // asked again meanwhile
        }

        if (!allowed.Users.IsDefault)
        {
            services.Presence.Tell(new WatchPresence(_round, allowed.Users), self);
            return null;
        }

        _isAsking = false;
        _isOutdated |= _request == Recheck;
        return _request == Recheck ? null : _request;
    }

    /// <summary>The presence has answered: the round is over.</summary>
    /// <param name="request">Which the round was for; null if for none.</param>
    /// <returns>The states that are news to the client; all of them for a request.</returns>
    public IEnumerable<PresenceState> Shown(PresenceWatched watched, out long? request)
    {
        request = null;
        if (!_isAsking || watched.Request != _round)
        {
            return []; // asked again meanwhile
        }

        var before = _shown;
        _shown = [.. watched.States.Select(state => state.User)];
        _isAsking = false;
        if (_request == Recheck)
        {
            Advance();
            return watched.States.Where(state => !before.Contains(state.User));
        }

        request = _request;
        Advance();
        return watched.States;
    }

    private void Advance()
    {
        if (_isAsking)
        {
            return;
        }

        if (_next.TryDequeue(out var next))
        {
            (_request, _wanted) = next;
        }
        else if (_isOutdated)
        {
            _request = Recheck;
        }
        else
        {
            return;
        }

        (_isAsking, _isOutdated) = (true, false);
        Ask();
    }

    private void Ask() => services.Users.Tell(new FilterWatched(identity.User, ++_round, _wanted), self);
}
