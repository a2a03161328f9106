using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>
/// References that stand in the place of actors: whoever finds such an actor by its path gets the other reference, which delivers messages in
/// a way of its own. There are few; thread-safe.
/// </summary>
internal sealed class Facades
{
    private readonly ConcurrentDictionary<ActorCell, IInternalActorRef> _byCell = new();

    public void Set(ActorCell cell, IInternalActorRef facade) => _byCell[cell] = facade;

    public void Remove(ActorCell cell) => _byCell.TryRemove(cell, out _);

    /// <summary>The reference that stands for a cell, usually the cell.</summary>
    public IInternalActorRef Of(ActorCell cell) => _byCell.IsEmpty ? cell : _byCell.GetValueOrDefault(cell, cell);
}
