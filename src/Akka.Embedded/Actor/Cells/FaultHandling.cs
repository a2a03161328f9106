using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Creation, failure and re-creation of a cell's actor.
/// </summary>
/// <remarks>
/// A failed cell blocks its user messages, suspends its children and tells its parent. The parent's verdict arrives as
/// <see cref="Actor.Resume"/>, <see cref="Recreate"/> or <see cref="Terminate"/>; every one of the first two undoes exactly one
/// blocking, so the counts stay balanced however failures of ancestors overlap.
/// </remarks>
internal static class FaultHandling
{
    public static void Create(ActorCell cell)
    {
        try
        {
            cell.Actor = cell.NewActor();
            cell.Actor.AroundPreStart();
        }
        catch (Exception e)
        {
            cell.ClearActor();
            Fail(cell, new ActorInitializationException(cell, "Exception during creation", e));
        }
    }

    /// <summary>The actor, or a child whose failure escalates, has failed.</summary>
    /// <param name="perpetrator">That child: it is suspended already.</param>
    /// <param name="survivors">Children that are suspended already and must not be so twice.</param>
    public static void Fail(
        ActorCell cell, Exception cause, ActorCell? perpetrator = null, IReadOnlyCollection<ActorCell>? survivors = null)
    {
        if (cell.IsFailed)
            return;
        cell.Block();
        cell.IsFailed = true;
        if (perpetrator is not null)
            cell.Extras.Perpetrator = perpetrator;
        foreach (var child in cell.ChildrenOrNull?.Snapshot() ?? [])
        {
            if (child != perpetrator && survivors?.Contains(child) != true)
                child.SendSystemMessage(new Suspend());
        }

        if (cell.Parent is null)
            cell.SystemImpl.OnRootFailed(cause);
        else
            cell.Parent.SendSystemMessage(new Failed(cell, cause));
    }

    public static void Suspend(ActorCell cell)
    {
        cell.Block();
        foreach (var child in cell.ChildrenOrNull?.Snapshot() ?? [])
            child.SendSystemMessage(new Suspend());
    }

    public static void Resume(ActorCell cell, Exception? cause)
    {
        if (cell.Actor is null)
        {
            RecreateFromNothing(cell);
            return;
        }

        var perpetrator = cell.ExtrasOrNull?.Perpetrator;
        cell.Unblock();
        if (cause is not null)
            ClearFailure(cell);
        foreach (var child in cell.ChildrenOrNull?.Snapshot() ?? [])
            child.SendSystemMessage(new Resume(child == perpetrator ? cause : null));
    }

    public static void Recreate(ActorCell cell, Exception cause)
    {
        if (cell.IsTerminating)
        {
            Resume(cell, null);
            return;
        }

        if (cell.Actor is not { } failed)
        {
            RecreateFromNothing(cell);
            return;
        }

        var message = cell.CurrentMessage;
        ActorPlugins.BeforeRestart(cell);
        try
        {
            failed.AroundPreRestart(cause, message!);
        }
        catch (Exception e)
        {
            Publish(cell, new PreRestartException(cell, e, cause, message), e.Message);
        }

        cell.ClearActor();
        if (cell.ChildrenOrNull?.WaitFor(WaitingFor.Recreation, cause) != true)
            FinishRecreate(cell, cause);
    }

    /// <summary>The stopping children of the failed instance have stopped.</summary>
    public static void FinishRecreate(ActorCell cell, Exception cause)
    {
        var survivors = cell.ChildrenOrNull?.Snapshot() ?? [];
        var message = cell.CurrentMessage;
        try
        {
            cell.Unblock();
            ClearFailure(cell);
            cell.Actor = cell.NewActor();
            cell.Actor.AroundPostRestart(cause, message!);
        }
        catch (Exception e)
        {
            cell.ClearActor();
            Fail(cell, new PostRestartException(cell, e, cause), survivors: survivors);
            return;
        }

        foreach (var child in survivors)
            child.SendSystemMessage(new Recreate(cause));
    }

    /// <summary>The children of an instance that never came to be have stopped.</summary>
    public static void FinishCreate(ActorCell cell)
    {
        cell.Unblock();
        ClearFailure(cell);
        Create(cell);
    }

    public static void Publish(ActorCell cell, Exception cause, string message) =>
        cell.SystemImpl.EventStream.Publish(new Error(cause, cell.Path.ToString(), cell.Actor?.GetType() ?? typeof(ActorCell), message));

    private static void RecreateFromNothing(ActorCell cell)
    {
        foreach (var child in cell.ChildrenOrNull?.Snapshot() ?? [])
            cell.Stop(child);
        if (cell.ChildrenOrNull?.WaitFor(WaitingFor.Creation) != true)
            FinishCreate(cell);
    }

    private static void ClearFailure(ActorCell cell)
    {
        cell.IsFailed = false;
        cell.ClearCurrentMessage();
        if (cell.ExtrasOrNull is { } extras)
            extras.Perpetrator = null;
    }
}
