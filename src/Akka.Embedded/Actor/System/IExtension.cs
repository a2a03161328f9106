namespace Akka.Actor;

/// <summary>Something of which an actor system has one.</summary>
public interface IExtension;

/// <summary>Identifies an extension and creates it.</summary>
public interface IExtensionId
{
    Type ExtensionType { get; }

    object Apply(ActorSystem system);

    object Get(ActorSystem system);

    object CreateExtension(ExtendedActorSystem system);
}

/// <inheritdoc/>
public interface IExtensionId<out T> : IExtensionId
    where T : IExtension
{
    new T Apply(ActorSystem system);

    new T Get(ActorSystem system);

    new T CreateExtension(ExtendedActorSystem system);
}

/// <summary>The usual base of an extension's id; one instance per type is as good as another.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId<T>
    where T : IExtension
{
    public Type ExtensionType => typeof(T);

    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    public T Get(ActorSystem system) => (T)system.GetExtension(this);

    public abstract T CreateExtension(ExtendedActorSystem system);

    public override bool Equals(object? obj) => obj is T;

    public override int GetHashCode() => typeof(T).GetHashCode();

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);
}

/// <summary>Shorthands for extensions.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The extension, registered by its <typeparamref name="TI"/> if need be.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system)
        where T : class, IExtension
        where TI : IExtensionId, new() => (T)system.RegisterExtension(new TI());
}
