using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Presence;

/// <summary>
/// Who watches whom. Both ways, because both are asked: whom a change concerns, and what ends with a connection. The watched are kept in the
/// buckets in which their presence is shared: a change there concerns the watched of one bucket.
/// </summary>
internal sealed class Watchers
{
    private readonly Dictionary<IActorRef, ImmutableArray<UserId>> _watched = [];
    private readonly Dictionary<UserId, HashSet<IActorRef>>?[] _watchers = new Dictionary<UserId, HashSet<IActorRef>>?[PresenceBuckets.Count];

    /// <summary>Nobody watches anybody.</summary>
    public bool IsEmpty => _watched.Count == 0;

    /// <summary>Sets whom a connection watches; true if it watched nobody before.</summary>
    public bool Set(IActorRef connection, ImmutableArray<UserId> users)
    {
        var isNew = !Remove(connection);
        if (!users.IsEmpty)
        {
            _watched[connection] = users;
            foreach (var user in users)
            {
                var bucket = _watchers[PresenceBuckets.Of(user)] ??= [];
                if (!bucket.TryGetValue(user, out var watchers))
                {
                    bucket[user] = watchers = [];
                }

                watchers.Add(connection);
            }
        }

        return isNew && !users.IsEmpty;
    }

    /// <summary>Forgets a connection; false if it watched nobody.</summary>
    public bool Remove(IActorRef connection)
    {
        if (!_watched.Remove(connection, out var users))
        {
            return false;
        }

        foreach (var user in users)
        {
            var bucket = _watchers[PresenceBuckets.Of(user)];
            if (bucket is not null && bucket.TryGetValue(user, out var watchers) && watchers.Remove(connection) && watchers.Count == 0)
            {
                bucket.Remove(user);
            }
        }

        return true;
    }

    /// <summary>Those who watch a user.</summary>
    public IReadOnlyCollection<IActorRef> Of(UserId user) =>
        _watchers[PresenceBuckets.Of(user)] is { } bucket && bucket.TryGetValue(user, out var watchers) ? watchers : [];

    /// <summary>The users of a bucket whom anybody watches.</summary>
    public IEnumerable<UserId> WatchedIn(int bucket) => _watchers[bucket] is { } watched ? watched.Keys : [];
}
