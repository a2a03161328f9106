namespace Akka.Actor;

/// <summary>
/// A path that is looked up anew for every message: absolute, or relative to an anchor with <c>..</c>; an element may
/// contain the wildcards <c>*</c> and <c>?</c>. What finds no actor is a dead letter.
/// </summary>
public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/')) { }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        _elements = elements.Where(static e => e.Length > 0).ToArray();
    }

    public IActorRef Anchor { get; }

    public string PathString => "/" + string.Join('/', _elements);

    public void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        Deliver((IInternalActorRef)Anchor, 0, message, sender ?? ActorCell.Current);
    }

    /// <summary>The one actor that the selection finds.</summary>
    /// <exception cref="ActorNotFoundException">It finds none in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <inheritdoc cref="ResolveOne(TimeSpan)"/>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject.IsNobody() ? throw new ActorNotFoundException("subject was null") : identity.Subject;
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException($"{this} was not found within {timeout}", e);
        }
    }

    public override bool Equals(object? obj) =>
        obj is ActorSelection other && Anchor.Equals(other.Anchor) && _elements.AsSpan().SequenceEqual(other._elements);

    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    public override string ToString() => $"ActorSelection[Anchor({Anchor}), Path({PathString})]";

    internal static ActorSelection From(ActorSystemImpl system, IActorRef lookupRoot, string path)
    {
        if (ActorPath.TryParse(path, out var absolute))
            return From(system, absolute);
        return new ActorSelection(path.StartsWith('/') ? system.Root : lookupRoot, path);
    }

    internal static ActorSelection From(ActorSystemImpl system, ActorPath path)
    {
        IActorRef root = system.ProviderImpl.IsLocal(path.Address) ? system.Root : system.Provider.ResolveActorRef(path.Root);
        return new ActorSelection(root, path.Elements);
    }

    private void Deliver(IInternalActorRef from, int depth, object message, IActorRef? sender)
    {
        if (from is Remote.RemoteActorRef)
        {
            // Whoever is there now: found by the other node. No wildcards, as nobody here sends to several there at once.
            from.SystemImpl.Provider.ResolveActorRef(from.Path.Root / _elements[depth..]).Tell(message, sender);
            return;
        }

        for (; depth < _elements.Length; depth++)
        {
            var element = _elements[depth];
            if (element == "..")
            {
                from = from.Parent ?? from;
                continue;
            }

            var children = (from as ActorCell)?.ChildrenOrNull;
            if (element.AsSpan().ContainsAny('*', '?'))
            {
                foreach (var child in children?.Snapshot() ?? [])
                {
                    if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(element, child.Name, ignoreCase: false))
                        Deliver(child, depth + 1, message, sender);
                }

                return;
            }

            if (children is null || !children.TryGet(element, out var next))
            {
                var missing = new EmptyActorRef(from.SystemImpl, from.Path / _elements[depth..]);
                missing.Tell(message, sender);
                return;
            }

            from = next;
        }

        (from is ActorCell cell ? cell.SystemImpl.Facades.Of(cell) : from).Tell(message, sender);
    }
}
