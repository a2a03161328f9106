namespace Akka.Actor;

/// <summary>The end of a cell: first its children, then <c>PostStop</c>, then everybody who wants to know.</summary>
internal static class Termination
{
    public static void Begin(ActorCell cell)
    {
        if (!cell.IsTerminating)
            cell.Parent?.Actor?.ChildStopping(cell);
        cell.SetReceiveTimeout(null);
        Unwatch(cell);
        var children = cell.CloseChildren();
        foreach (var child in children.Snapshot())
            cell.Stop(child);
        var wasTerminating = cell.IsTerminating;
        cell.IsTerminating = true;
        if (!children.WaitFor(WaitingFor.Termination))
            Finish(cell);
        else if (!wasTerminating)
        {
            cell.Block();
            // A failure from here on is nobody's business: the supervisor can't want more than the end.
            cell.IsFailed = true;
        }
    }

    /// <summary>A watched actor, or a child, has stopped.</summary>
    public static void OnDeath(ActorCell cell, DeathWatchNotification death)
    {
        if (cell.DeathWatch.Unwatch(death.Actor, out var message) && !cell.IsTerminating)
        {
            cell.Extras.QueueTermination(death.Actor, message);
            cell.Tell(new Terminated(death.Actor, death.ExistenceConfirmed, death.AddressTerminated), death.Actor);
        }

        if (death.Actor is ActorCell child && child.Parent == cell && cell.ChildrenOrNull is { } children)
        {
            var recreationCause = children.RecreationCause;
            var waited = children.Remove(child);
            cell.Actor?.ChildStopped(child);
            switch (waited)
            {
                case WaitingFor.Recreation:
                    FaultHandling.FinishRecreate(cell, recreationCause!);
                    break;
                case WaitingFor.Creation:
                    FaultHandling.FinishCreate(cell);
                    break;
                case WaitingFor.Termination:
                    Finish(cell);
                    break;
            }
        }
    }

    private static void Finish(ActorCell cell)
    {
        try
        {
            ActorPlugins.BeforeStop(cell);
            cell.Actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            FaultHandling.Publish(cell, e, e.Message);
        }

        cell.ClearActor();
        if (cell.IsSubscriber)
            cell.SystemImpl.EventStream.Unsubscribe(cell);
        cell.Close();
        cell.Parent?.SendSystemMessage(new DeathWatchNotification(cell, existenceConfirmed: true, addressTerminated: false));
        foreach (var watcher in cell.DeathWatch.TakeWatchers())
        {
            // The parent has been told as such.
            if (!ReferenceEquals(watcher, cell.Parent))
                watcher.SendSystemMessage(new DeathWatchNotification(cell, existenceConfirmed: true, addressTerminated: false));
        }

        Unwatch(cell);
        if (cell.Parent is null)
            cell.SystemImpl.OnRootTerminated();
    }

    private static void Unwatch(ActorCell cell)
    {
        foreach (var subject in cell.DeathWatch.UnwatchAll())
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch(cell));
    }
}
