using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A test whose own messages have no sender.</summary>
public interface INoImplicitSender;

/// <summary>
/// Makes the test actor the sender of what a test tells, on the thread of the test's constructor and on those where the
/// test continues after an await.
/// </summary>
internal sealed class TestActorContext : SynchronizationContext
{
    private readonly ActorCell _cell;

    private TestActorContext(ActorCell cell) => _cell = cell;

    public static void Enter(ActorCell cell)
    {
        ActorCell.Current = cell;
        SetSynchronizationContext(new TestActorContext(cell));
    }

    public static void Leave()
    {
        if (Current is not TestActorContext)
            return;
        ActorCell.Current = null;
        SetSynchronizationContext(null);
    }

    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => work.Context.Run(work.Callback, work.State), (Context: this, Callback: d, State: state), preferLocal: false);

    public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

    private void Run(SendOrPostCallback callback, object? state)
    {
        var (outerCell, outerContext) = (ActorCell.Current, Current);
        ActorCell.Current = _cell;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            ActorCell.Current = outerCell;
            SetSynchronizationContext(outerContext);
        }
    }
}
