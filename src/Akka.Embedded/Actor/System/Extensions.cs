using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>A system's extensions: each is created once, by whoever asks first; the others wait for it.</summary>
internal sealed class Extensions(ActorSystemImpl system)
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _byType = new();

    public object Register(IExtensionId id)
    {
        var extension = _byType.GetOrAdd(
            id.ExtensionType,
            static (_, context) => new Lazy<object>(() => context.id.CreateExtension(context.system)),
            (id, system));
        try
        {
            return extension.Value;
        }
        catch (Exception)
        {
            // A failed creation is not kept: the next one may have better luck.
            _byType.TryRemove(KeyValuePair.Create(id.ExtensionType, extension));
            throw;
        }
    }

    public object Get(Type type) =>
        TryGet(type, out var extension) ? extension : throw new ArgumentException($"The extension [{type}] is not registered");

    public bool TryGet(Type type, [NotNullWhen(true)] out object? extension)
    {
        extension = _byType.TryGetValue(type, out var known) ? known.Value : null;
        return extension is not null;
    }
}
