using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>A system's serializers, by type and by identifier.</summary>
public class Serialization(ExtendedActorSystem system)
{
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<string, Serializer> _byName = new();
    private readonly ConcurrentDictionary<Type, Serializer> _bound = new();

    // The answers for types that aren't bound themselves; started anew when a binding is added.
    private ConcurrentDictionary<Type, Serializer> _found = new();

    public ExtendedActorSystem System { get; } = system;

    public void AddSerializer(string name, Serializer serializer)
    {
        var known = _byId.GetOrAdd(serializer.Identifier, serializer);
        if (known.GetType() != serializer.GetType())
        {
            throw new ArgumentException(
                $"Serializer identifier [{serializer.Identifier}] of [{serializer.GetType()}] is taken by [{known.GetType()}]");
        }

        _byName[name] = serializer;
    }

    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _bound[type] = serializer;
        _found = new ConcurrentDictionary<Type, Serializer>();
    }

    public byte[] Serialize(object o) => FindSerializerFor(o).ToBinary(o);

    /// <exception cref="SerializationException">No serializer has the identifier.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId);
        if (serializer is SerializerWithStringManifest withManifest)
            return withManifest.FromBinary(bytes, manifest);
        if (!serializer.IncludeManifest || string.IsNullOrEmpty(manifest))
            return serializer.FromBinary(bytes, typeof(object));
        var type = Type.GetType(manifest)
            ?? throw new SerializationException($"Cannot find manifest class [{manifest}] for serializer with id [{serializerId}].");
        return serializer.FromBinary(bytes, type);
    }

    /// <inheritdoc cref="Deserialize(byte[], int, string)"/>
    public object Deserialize(byte[] bytes, int serializerId, Type type) => ById(serializerId).FromBinary(bytes, type);

    /// <exception cref="SerializationException">No serializer is bound to the object's type, a base of it or an interface of
    /// it.</exception>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <inheritdoc cref="FindSerializerFor"/>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_found.TryGetValue(objectType, out var serializer))
            return serializer;
        serializer = MostSpecific(objectType);
        if (serializer is not null)
            return _found.GetOrAdd(objectType, serializer);
        if (defaultSerializerName is not null && _byName.TryGetValue(defaultSerializerName, out serializer))
            return serializer;
        throw new SerializationException($"Serializer not found for type {objectType}");
    }

    /// <summary>The manifest that <see cref="Deserialize(byte[], int, string)"/> needs; empty when it needs none.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest withManifest => withManifest.Manifest(msg),
        { IncludeManifest: true } => msg.GetType().AssemblyQualifiedName!,
        _ => "",
    };

    /// <summary>The reference as text, for messages that carry one.</summary>
    public static string SerializedActorPath(IActorRef actorRef) => Remote.ActorNaming.Absolute(actorRef);

    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    private Serializer ById(int id) => _byId.TryGetValue(id, out var serializer)
        ? serializer
        : throw new SerializationException($"Cannot find serializer with id [{id}]");

    private Serializer? MostSpecific(Type type)
    {
        if (_bound.TryGetValue(type, out var exact))
            return exact;
        Type? best = null;
        foreach (var candidate in _bound.Keys)
        {
            if (candidate.IsAssignableFrom(type) && (best is null || best.IsAssignableFrom(candidate)))
                best = candidate;
        }

        return best is null ? null : _bound[best];
    }
}
