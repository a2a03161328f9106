namespace Akka.DistributedData;

/// <summary>The name of a replicated value.</summary>
public interface IKey : IReplicatedDataSerialization
{
    string Id { get; }
}

/// <summary>The name of a replicated value of a type.</summary>
public interface IKey<out T> : IKey
    where T : IReplicatedData;

/// <summary>Two keys are equal when their ids are, whatever the type: one id must always be used with one type.</summary>
public abstract class Key<T> : IKey<T>
    where T : IReplicatedData
{
    protected Key(string id) => Id = id;

    public string Id { get; }

    public bool Equals(IKey? key) => key is not null && Id == key.Id;

    public sealed override bool Equals(object? obj) => Equals(obj as IKey);

    public override int GetHashCode() => Id.GetHashCode();

    public override string ToString() => Id;

    public static implicit operator string(Key<T> key) => key.Id;
}

/// <summary>The key that a receiver knows only by its id.</summary>
internal sealed class PlainKey(string id) : Key<IReplicatedData>(id);
