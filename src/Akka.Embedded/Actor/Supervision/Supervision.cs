namespace Akka.Actor;

/// <summary>The supervisor's side of a failure.</summary>
internal static class Supervision
{
    public static void HandleFailure(ActorCell cell, ActorCell child, Exception cause)
    {
        // A child that has stopped meanwhile needs no verdict; a stopping supervisor stops it anyway.
        if (cell.ChildrenOrNull is not { } children || !children.Contains(child) || cell.Actor is not { } actor)
            return;
        var extras = cell.Extras;
        var strategy = extras.Strategy ??= cell.Props.SupervisorStrategy ?? actor.GetSupervisorStrategy();
        if (!strategy.HandleFailure(cell, child, cause, children.StatisticsOf(child)))
            FaultHandling.Fail(cell, cause, perpetrator: child);
    }
}
