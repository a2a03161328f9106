using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>A reference that is in no tree and lives until its one message has come.</summary>
internal interface ITemporaryRef : IActorRef
{
    /// <summary>False once it expects nothing any more. Turns false before <see cref="Temporaries.Forget"/> is called.</summary>
    bool IsWaiting { get; }
}

/// <summary>
/// The temporary references that another node has been told of, so that its answer finds them. Each leaves when it has its answer or its
/// time is over.
/// </summary>
internal sealed class Temporaries
{
    private readonly ConcurrentDictionary<string, ITemporaryRef> _byName = new();

    public int Count => _byName.Count;

    public void Register(ITemporaryRef reference)
    {
        _byName.TryAdd(reference.Path.Name, reference);
        if (!reference.IsWaiting)
            Forget(reference);
    }

    public void Forget(ITemporaryRef reference)
    {
        if (!_byName.IsEmpty)
            _byName.TryRemove(reference.Path.Name, out _);
    }

    public IActorRef? Find(string name) => _byName.GetValueOrDefault(name);
}
