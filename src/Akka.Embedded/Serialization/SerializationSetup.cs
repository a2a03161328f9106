using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>A serializer with the types that it is for.</summary>
public sealed class SerializerDetails
{
    private SerializerDetails(string alias, Serializer serializer, ImmutableHashSet<Type> useFor) =>
        (Alias, Serializer, UseFor) = (alias, serializer, useFor);

    public string Alias { get; }

    public Serializer Serializer { get; }

    public ImmutableHashSet<Type> UseFor { get; }

    public static SerializerDetails Create(string alias, Serializer serializer, ImmutableHashSet<Type> useFor) =>
        new(alias, serializer, useFor);
}

/// <summary>The serializers with which a system starts.</summary>
public sealed class SerializationSetup : Actor.Setup.Setup
{
    private SerializationSetup(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) =>
        CreateSerializers = createSerializers;

    public Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> CreateSerializers { get; }

    public static SerializationSetup Create(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) =>
        new(createSerializers);

    internal static Serialization CreateSerialization(ExtendedActorSystem system)
    {
        var serialization = new Serialization(system);
        if (system.Settings.Setup.Get<Remote.RemoteSetup>().HasValue)
            Add(RuntimeSerializers.Create(system));
        if (system.Settings.Setup.Get<SerializationSetup>() is { HasValue: true } setup)
            Add(setup.Value.CreateSerializers(system));
        return serialization;

        void Add(IEnumerable<SerializerDetails> serializers)
        {
            foreach (var details in serializers)
            {
                serialization.AddSerializer(details.Alias, details.Serializer);
                foreach (var type in details.UseFor)
                    serialization.AddSerializationMap(type, details.Serializer);
            }
        }
    }
}
