using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

// What a node's own cluster extension tells its daemon.

internal sealed record JoinTo(Address Address);

internal sealed record JoinSeeds(ImmutableList<Address> Seeds);

internal sealed record LeaveNode(Address Address);

internal sealed record DownNode(Address Address);

internal sealed record Subscribe(IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode InitialState, ImmutableHashSet<Type> To);

/// <param name="Subscriber">Whose subscriptions end.</param>
/// <param name="To">Null for all.</param>
internal sealed record Unsubscribe(IActorRef Subscriber, Type? To);

internal sealed record SendCurrentState(IActorRef Receiver);

internal sealed record RegisterOnUp(Action Callback);

/// <summary>This node has handed over what it had to, and may be removed.</summary>
internal sealed class ExitingCompleted
{
    public static readonly ExitingCompleted Instance = new();
}
