using Akka.Actor;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>The base of tests of plugins: an actor system that uses them, with nothing stored yet, and notebooks in it.</summary>
public abstract class NotebookTest : IAsyncLifetime
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HashSet<string> _names = [];

    private protected ActorSystem System { get; private set; } = null!;

    public async Task InitializeAsync() => System = await StartAsync();

    public async Task DisposeAsync()
    {
        await System.Terminate().Within("the actor system to end");
        await StopAsync();
    }

    private protected IActorRef Open(string persistenceId) =>
        System.ActorOf(Props.Create(() => new Notebook(persistenceId)), _names.Add(persistenceId) ? persistenceId : null);

    private protected static async Task<long> WriteAsync(IActorRef notebook, params string[] texts) =>
        (await notebook.Ask<Written>(new Write(texts), Patience)).SequenceNr;

    private protected static Task<Contents> ContentsAsync(IActorRef notebook) => notebook.Ask<Contents>(new GetContents(), Patience);

    private protected static async Task StopAsync(IActorRef notebook) => (await notebook.GracefulStop(Patience)).ShouldBeTrue("it stops");

    /// <summary>Makes an actor system whose persistent actors use the tested plugins, with nothing stored yet.</summary>
    private protected abstract Task<ActorSystem> StartAsync();

    private protected abstract Task StopAsync();

    /// <summary>Completes when the actor has stopped.</summary>
    private protected Task Stopped(IActorRef actor)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        System.ActorOf(Props.Create(() => new Watcher(actor, stopped)));
        return stopped.Task.Within("the actor to stop");
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef watched, TaskCompletionSource stopped)
        {
            Context.Watch(watched);
            Receive<Terminated>(_ => stopped.TrySetResult());
        }
    }
}
