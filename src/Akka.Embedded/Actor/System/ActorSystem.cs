using System.Diagnostics.CodeAnalysis;
using Akka.Actor.Setup;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share. Create few: usually one per process.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    public abstract string Name { get; }

    public abstract Settings Settings { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract Serialization.Serialization Serialization { get; }

    public abstract ILoggingAdapter Log { get; }

    /// <summary>Done when every actor has stopped and the termination callbacks have run.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>The clock, since an arbitrary point, when the system started.</summary>
    public abstract TimeSpan StartTime { get; }

    public abstract TimeSpan Uptime { get; }

    /// <summary>The only clock of the system and its actors.</summary>
    internal abstract TimeProvider TimeProvider { get; }

    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>; no leading <c>-</c> or <c>_</c>.</param>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public abstract void Stop(IActorRef actor);

    /// <summary>Runs <see cref="CoordinatedShutdown"/>, which ends by stopping all actors.</summary>
    /// <returns><see cref="WhenTerminated"/>.</returns>
    public abstract Task Terminate();

    /// <summary>Has code run when all actors have stopped, in the reverse order of registration.</summary>
    public abstract void RegisterOnTermination(Action code);

    public abstract object RegisterExtension(IExtensionId extension);

    public abstract object GetExtension(IExtensionId extensionId);

    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, [NotNullWhen(true)] out object? extension);

    public abstract bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class, IExtension;

    /// <summary>Starts the termination and doesn't wait for it.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>With what a system was created.</summary>
public sealed class Settings
{
    internal Settings(ActorSystem system, ActorSystemSetup setup) => (System, Setup) = (system, setup);

    public ActorSystem System { get; }

    public ActorSystemSetup Setup { get; }
}

/// <summary>What extensions see of a system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }

    /// <summary>Creates an actor below <c>/system</c>: it stops after all that are below <c>/user</c>.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new();
}

/// <summary>Finds references by their path.</summary>
public interface IActorRefProvider
{
    ActorPath RootPath { get; }

    Address DefaultAddress { get; }

    IActorRef DeadLetters { get; }

    /// <summary>The reference that the path, with its uid if it has one, stands for; a dead one if there is no such actor.</summary>
    IActorRef ResolveActorRef(string path);

    /// <inheritdoc cref="ResolveActorRef(string)"/>
    IActorRef ResolveActorRef(ActorPath actorPath);
}
