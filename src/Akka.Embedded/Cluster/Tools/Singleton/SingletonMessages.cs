using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Marks what the managers of a singleton on different nodes tell each other.</summary>
public interface IClusterSingletonMessage
{
}

/// <summary>The sender is next to run the singleton: the receiver, which it has seen exit, shall release it. Repeated.</summary>
/// <param name="From">The node that asks.</param>
/// <param name="To">The node that is asked: not another incarnation of it.</param>
internal sealed record HandOverToMe(UniqueAddress From, UniqueAddress To) : IClusterSingletonMessage, IDeadLetterSuppression;

/// <summary>The sender doesn't run the singleton and never will.</summary>
/// <inheritdoc cref="HandOverToMe"/>
internal sealed record HandOverDone(UniqueAddress From, UniqueAddress To) : IClusterSingletonMessage, IDeadLetterSuppression;
