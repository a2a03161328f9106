using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Gives an instance the stash and the timers that its interfaces ask for, and takes them back.</summary>
internal static class ActorPlugins
{
    private static readonly ConcurrentDictionary<Type, bool> OverridesAroundReceive = new();

    public static void Attach(ActorCell cell, ActorBase actor)
    {
        cell.WrapsReceive = OverridesAroundReceive.GetOrAdd(actor.GetType(), static type =>
            type.GetMethod("AroundReceive", BindingFlags.Instance | BindingFlags.NonPublic)!.DeclaringType != typeof(ActorBase));
        if (actor is IWithTimers timed)
            timed.Timers = new TimerScheduler(cell);
        // A persistent actor makes its stash when it first uses it.
        if (actor is IActorStash stashing and not Persistence.Eventsourced)
            stashing.Stash = new MailboxStash(cell);
    }

    /// <summary>No timer of the failed instance reaches the next one.</summary>
    public static void BeforeRestart(ActorCell cell) => CancelTimers(cell);

    public static void BeforeStop(ActorCell cell) => CancelTimers(cell);

    /// <summary>What was stashed returns to the mailbox: for the next instance, or to become dead letters.</summary>
    public static void Detach(ActorCell cell, ActorBase actor)
    {
        CancelTimers(cell);
        if (actor is IActorStash { Stash: { } stash })
            stash.UnstashAll();
    }

    private static void CancelTimers(ActorCell cell) => ((cell.Actor as IWithTimers)?.Timers as TimerScheduler)?.CancelAll();
}
