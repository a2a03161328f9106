using System.Runtime.ExceptionServices;

namespace Akka.Actor;

/// <summary>
/// Runs asynchronous handlers inside their cell. The handler's continuations are posted back to the cell as system
/// messages, so that they run one at a time with the cell's other work, with <c>Context</c> and <c>Sender</c> as before
/// the await; user messages are blocked until its task is done.
/// </summary>
internal static class ActorTasks
{
    public static void Run(ActorCell cell, Func<object, object, Task> run, object action, object message)
    {
        var context = cell.Extras.Tasks ??= new ActorSynchronizationContext(cell);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task task;
        try
        {
            task = run(action, message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        if (task.IsCompleted)
        {
            Rethrow(task);
            return;
        }

        if (cell.Extras.Awaited is not null)
            throw new InvalidOperationException("RunTask calls cannot be nested");
        cell.Extras.Awaited = cell.CurrentNode ?? new MessageNode(message, null);
        cell.Block();
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => cell.SendSystemMessage(new TaskCompleted(context, task)));
    }

    private static void Rethrow(Task task)
    {
        if (task.IsCompletedSuccessfully)
            return;
        ExceptionDispatchInfo.Throw(ExceptionOf(task));
    }

    private static Exception ExceptionOf(Task task) => task.Exception?.InnerException ?? new TaskCanceledException(task);

    /// <summary>The awaited handler is done.</summary>
    private sealed class TaskCompleted(ActorSynchronizationContext context, Task task) : SystemMessage
    {
        public override void Invoke(ActorCell cell)
        {
            // A restart has given the cell another context: the task was the business of the instance that is gone.
            if (cell.ExtrasOrNull is not { Awaited: { } awaited } extras || extras.Tasks != context)
                return;
            extras.Awaited = null;
            cell.Unblock();
            if (!task.IsCompletedSuccessfully)
                cell.FailAsync(awaited, ExceptionOf(task));
        }
    }
}

/// <summary>Brings continuations back to one incarnation of an actor.</summary>
internal sealed class ActorSynchronizationContext(ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => cell.SendSystemMessage(new Continuation(this, d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (ActorCell.Current != cell)
            throw new NotSupportedException("An actor can't be entered synchronously from outside.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed class Continuation(ActorSynchronizationContext context, SendOrPostCallback callback, object? state) : SystemMessage
    {
        public override void Invoke(ActorCell cell)
        {
            if (cell.ExtrasOrNull is not { } extras || extras.Tasks != context)
                return;
            var outer = Current;
            SetSynchronizationContext(context);
            try
            {
                cell.Resume(extras.Awaited, callback, state);
            }
            finally
            {
                SetSynchronizationContext(outer);
            }
        }
    }
}
