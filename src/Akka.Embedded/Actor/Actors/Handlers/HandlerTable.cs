using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>The handlers of one behaviour: a shared <see cref="HandlerShape"/> and the instance's own delegates.</summary>
/// <param name="shape">What the delegates are.</param>
/// <param name="actions">The only delegate itself, or an array of them: a handler costs its delegate and at most one reference.</param>
internal sealed class HandlerTable(HandlerShape shape, object? actions)
{
    public static readonly HandlerTable Empty = new(HandlerShape.Root, null);

    public HandlerTable Add(Handler handler, object action)
    {
        var next = shape.Append(handler);
        if (shape.Count == 0)
            return new HandlerTable(next, action);
        var grown = new object[next.Count];
        if (actions is object[] several)
            several.CopyTo(grown, 0);
        else
            grown[0] = actions!;
        grown[^1] = action;
        return new HandlerTable(next, grown);
    }

    public bool Handle(object message)
    {
        var candidates = shape.CandidatesFor(message.GetType());
        if (actions is object[] several)
        {
            foreach (var index in candidates)
            {
                if (shape[index].Invoke(several[index], message))
                    return true;
            }

            return false;
        }

        return candidates.Length > 0 && shape[0].Invoke(actions!, message);
    }
}

/// <summary>
/// A sequence of handler declarations. Shapes form a tree that grows by what code declares, so there are as many as
/// there are distinct behaviours in the program; they are never released.
/// </summary>
internal sealed class HandlerShape
{
    public static readonly HandlerShape Root = new([]);

    // Must be a power of two. Types that fall on an occupied slot are looked up in the dictionary.
    private const int Slots = 16;

    private readonly Handler[] _handlers;
    private readonly ConcurrentDictionary<Handler, HandlerShape> _next = new();
    private readonly ConcurrentDictionary<Type, Lookup> _lookups = new();
    private readonly Lookup?[] _slots = new Lookup?[Slots];

    private HandlerShape(Handler[] handlers) => _handlers = handlers;

    public int Count => _handlers.Length;

    public Handler this[int index] => _handlers[index];

    public HandlerShape Append(Handler handler)
    {
        if (_handlers.Length > 0 && _handlers[^1].CatchesAll)
        {
            throw new InvalidOperationException("The handler declared before takes every message: none after it would ever run");
        }

        return _next.GetOrAdd(handler, static (added, shape) => new HandlerShape([.. shape._handlers, added]), this);
    }

    /// <summary>The indices of the handlers that take messages of the type, in order of declaration.</summary>
    public int[] CandidatesFor(Type type)
    {
        ref var slot = ref _slots[type.GetHashCode() & (Slots - 1)];
        var lookup = slot;
        return lookup is not null && lookup.Type == type ? lookup.Candidates : FindCandidates(type, ref slot);
    }

    private int[] FindCandidates(Type type, ref Lookup? slot)
    {
        if (_lookups.TryGetValue(type, out var known))
            return known.Candidates;
        var found = new List<int>();
        for (var i = 0; i < _handlers.Length; i++)
        {
            if (_handlers[i].MessageType.IsAssignableFrom(type))
                found.Add(i);
        }

        var lookup = _lookups.GetOrAdd(type, new Lookup(type, [.. found]));
        slot ??= lookup;
        return lookup.Candidates;
    }

    private sealed record Lookup(Type Type, int[] Candidates);
}
