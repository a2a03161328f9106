using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Finds top-level actors by a type that stands for them.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    bool TryGet<TKey>([NotNullWhen(true)] out IActorRef? actor);

    bool TryGet(Type key, [NotNullWhen(true)] out IActorRef? actor);

    /// <exception cref="MissingActorRegistryEntryException">Nothing is registered for the key.</exception>
    IActorRef Get<TKey>();

    /// <summary>The actor, as soon as it is registered.</summary>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <inheritdoc cref="GetAsync{TKey}"/>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);
}

/// <inheritdoc/>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <exception cref="DuplicateActorRegistryException">The key is taken.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}

/// <inheritdoc/>
public class ActorRegistry : IActorRegistry, IExtension
{
    // An entry is made by whoever comes first: who registers completes it, who asks waits for it.
    private readonly ConcurrentDictionary<Type, TaskCompletionSource<IActorRef>> _entries = new();
    private readonly Lock _gate = new();

    public static ActorRegistry For(ActorSystem actorSystem) => new ActorRegistryExtension().Apply(actorSystem);

    public void Register<TKey>(IActorRef actor, bool overwrite = false)
    {
        if (!TryRegister<TKey>(actor, overwrite))
            throw new DuplicateActorRegistryException($"An actor value with key [{typeof(TKey)}] has already been registered.");
    }

    public bool TryRegister<TKey>(IActorRef actor, bool overwrite = false) => TryRegister(typeof(TKey), actor, overwrite);

    public bool TryRegister(Type key, IActorRef actor, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(actor);
        lock (_gate)
        {
            var entry = _entries.GetOrAdd(key, NewEntry);
            if (entry.TrySetResult(actor))
                return true;
            if (!overwrite)
                return false;
            var replacement = NewEntry(key);
            replacement.SetResult(actor);
            _entries[key] = replacement;
            return true;
        }
    }

    public bool TryGet<TKey>([NotNullWhen(true)] out IActorRef? actor) => TryGet(typeof(TKey), out actor);

    public bool TryGet(Type key, [NotNullWhen(true)] out IActorRef? actor)
    {
        actor = _entries.TryGetValue(key, out var entry) && entry.Task.IsCompletedSuccessfully ? entry.Task.Result : null;
        return actor is not null;
    }

    public IActorRef Get<TKey>() => TryGet<TKey>(out var actor)
        ? actor
        : throw new MissingActorRegistryEntryException($"No actor registered for key [{typeof(TKey)}]");

    public Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default) => GetAsync(typeof(TKey), ct);

    public Task<IActorRef> GetAsync(Type key, CancellationToken ct = default) => _entries.GetOrAdd(key, NewEntry).Task.WaitAsync(ct);

    public IEnumerator<KeyValuePair<Type, IActorRef>> GetEnumerator()
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.Task.IsCompletedSuccessfully)
                yield return KeyValuePair.Create(key, entry.Task.Result);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static TaskCompletionSource<IActorRef> NewEntry(Type key) => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The id of <see cref="ActorRegistry"/>.</summary>
public sealed class ActorRegistryExtension : ExtensionIdProvider<ActorRegistry>
{
    public override ActorRegistry CreateExtension(ExtendedActorSystem system) => new();
}

/// <summary>The base of the registry's exceptions.</summary>
public class ActorRegistryException : Exception
{
    public ActorRegistryException(string message) : base(message) { }

    public ActorRegistryException(string message, Exception innerException) : base(message, innerException) { }
}

/// <inheritdoc/>
public sealed class DuplicateActorRegistryException(string message) : ActorRegistryException(message);

/// <inheritdoc/>
public sealed class MissingActorRegistryEntryException(string message) : ActorRegistryException(message);
