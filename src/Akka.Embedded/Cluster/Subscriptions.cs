using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Which actors are told of which events. Touched by the daemon only.</summary>
internal sealed class Subscriptions
{
    // In the order of subscribing, so that events go out in the same order in every run.
    private readonly List<Subscription> _subscriptions = [];

    /// <summary>True when the actor had no subscription before.</summary>
    public bool Add(IActorRef subscriber, IEnumerable<Type> types)
    {
        var index = _subscriptions.FindIndex(s => s.Subscriber.Equals(subscriber));
        if (index < 0)
            _subscriptions.Add(new Subscription(subscriber, [.. types]));
        else
            _subscriptions[index] = _subscriptions[index] with { Types = _subscriptions[index].Types.Union(types) };
        return index < 0;
    }

    /// <param name="subscriber">Whose.</param>
    /// <param name="type">Null for all.</param>
    /// <returns>True when the actor has none any more.</returns>
    public bool Remove(IActorRef subscriber, Type? type)
    {
        var index = _subscriptions.FindIndex(s => s.Subscriber.Equals(subscriber));
        if (index < 0)
            return false;
        var rest = type is null ? [] : _subscriptions[index].Types.Remove(type);
        if (rest.IsEmpty)
            _subscriptions.RemoveAt(index);
        else
            _subscriptions[index] = _subscriptions[index] with { Types = rest };
        return rest.IsEmpty;
    }

    public void Tell(ClusterEvent.IClusterDomainEvent @event)
    {
        foreach (var subscription in _subscriptions)
            Tell(subscription.Subscriber, subscription.Types, @event);
    }

    public static void Tell(IActorRef subscriber, ImmutableHashSet<Type> types, ClusterEvent.IClusterDomainEvent @event)
    {
        foreach (var type in types)
        {
            if (!type.IsInstanceOfType(@event))
                continue;
            subscriber.Tell(@event, ActorRefs.NoSender);
            return;
        }
    }

    private sealed record Subscription(IActorRef Subscriber, ImmutableHashSet<Type> Types);
}
