using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Turns messages into bytes and back.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;

    protected Serializer(ExtendedActorSystem system) => this.system = system;

    /// <summary>Stored with the bytes: it must never change, and no other serializer may have it.</summary>
    public virtual int Identifier => throw new NotSupportedException($"{GetType()} must override Identifier");

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    public abstract object FromBinary(byte[] bytes, Type type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serializer that names types itself, so that they may move and be renamed.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    public sealed override bool IncludeManifest => true;

    /// <summary>The name of the object's type, short and stable.</summary>
    public abstract string Manifest(object o);

    public abstract object FromBinary(byte[] bytes, string manifest);

    public override object FromBinary(byte[] bytes, Type type) =>
        FromBinary(bytes, type.AssemblyQualifiedName ?? throw new ArgumentException($"{type} has no name", nameof(type)));
}
