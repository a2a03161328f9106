using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// A connection that wants to see everybody's presence, and asks as the gateway does: once when it is live, then whenever it is told to.
/// </summary>
internal sealed class ModelWatch(
    UserId user, IReadOnlyList<UserId> all, ModelContacts contacts, IActorRef users, IActorRef presence, TimeProvider time)
{
    private readonly HashSet<UserId> _online = [];
    private ImmutableArray<UserId> _allowed = [];
    private long _round;
    private long _askedAt;
    private bool _isAsking;
    private bool _isOutdated;

    /// <summary>Those it shows.</summary>
    public IReadOnlyCollection<UserId> Allowed => _allowed;

    /// <summary>Those it shows as online.</summary>
    public IReadOnlyCollection<UserId> Online => _online;

    public void Take(object message, IActorRef self)
    {
        switch (message)
        {
            case SyncCompleted or WatchOutdated:
                _isOutdated = true;
                break;
            case WatchAllowed answer when answer.Request != _round:
                break;
            case WatchAllowed { Users.IsDefault: true }:
                _isAsking = false; // it will be told to ask again
                break;
            case WatchAllowed allowed:
                Judge(allowed.Users);
                presence.Tell(new WatchPresence(allowed.Request, allowed.Users), self);
                break;
            case PresenceWatched watched when watched.Request == _round:
                (_allowed, _isAsking) = ([.. watched.States.Select(state => state.User)], false);
                _online.Clear();
                Show(watched.States);
                break;
            case PresenceChanges changes:
                Show(changes.States);
                break;
        }

        Ask(self);
    }

    /// <summary>Another incarnation of the user's actor has the session; what the last one was asked it may not have answered.</summary>
    public void AskAgain(IActorRef self)
    {
        _isOutdated |= _isAsking || _askedAt > 0;
        _isAsking = false;
        Ask(self);
    }

    private void Ask(IActorRef self)
    {
        if (_isOutdated && !_isAsking)
        {
            (_isAsking, _isOutdated, _askedAt) = (true, false, time.GetTimestamp());
            users.Tell(new FilterWatched(user, ++_round, [.. all]), self);
        }
    }

    // P7
    private void Judge(ImmutableArray<UserId> allowed)
    {
        foreach (var other in all)
        {
            (allowed.Contains(other) ? contacts.MightWatch(user, other, _askedAt) : !contacts.MustWatch(user, other, _askedAt))
                .ShouldBeTrue($"{user} may watch {string.Join(',', allowed)}; {other}?");
        }
    }

    private void Show(IEnumerable<PresenceState> states)
    {
        foreach (var state in states)
        {
            _ = state.IsOnline ? _online.Add(state.User) : _online.Remove(state.User);
        }
    }
}
