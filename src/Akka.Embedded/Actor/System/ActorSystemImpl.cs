using System.Diagnostics.CodeAnalysis;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Remote;
using Akka.Runtime;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>
/// The local system. Its tree is <c>/user</c> for the program's actors and <c>/system</c> for those of extensions, below one
/// root; it ends in that order.
/// </summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly TaskCompletionSource _terminated;
    private readonly Extensions _extensions;
    private readonly Stack<Action> _onTermination = new();
    private readonly ActorCell _root;
    private readonly ActorCell _user;
    private readonly ActorCell _system;
    private readonly long _start;
    private readonly Scheduler _scheduler;
    private readonly Lazy<Serialization.Serialization> _serialization;
    private long _lastUid;
    private long _lastTempName;
    private int _terminating;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (!IsValidName(name))
        {
            throw new ArgumentException(
                $"[{name}] can't name an actor system: a name has letters, digits, '-' and '_', and begins with a letter or digit",
                nameof(name));
        }

        Name = name;
        Settings = new Settings(this, setup);
        Runtime = setup.Get<RuntimeSetup>().GetOrElse(new RuntimeSetup());
        Executor = Runtime.Executor;
        Throughput = Runtime.Throughput;
        _terminated = new TaskCompletionSource(Continuations);
        Timers = new TimerQueue(Runtime.Time);
        ProviderImpl = new ActorRefProvider(this);
        _start = Timers.Now;
        Address = new Address("akka", name);
        RootPath = new RootActorPath(Address);
        EventStream = new EventStream(setup.Get<LoggingSetup>().GetOrElse(new LoggingSetup()), Runtime.Time);
        Log = new LoggingAdapter(EventStream, $"ActorSystem({name})", typeof(ActorSystem));
        DeadLetters = new DeadLetterActorRef(this);
        _scheduler = new Scheduler(Timers, this);
        _extensions = new Extensions(this);
        if (setup.Get<RemoteSetup>().HasValue)
            _lastUid = Runtime.Random.NextInt64(1L << 50); // a reference to an earlier incarnation of this node must not find anybody
        _root = new ActorCell(this, null, Props.Create<RootGuardian>(), "");
        _user = _root.CreateChild(Props.Create<Guardian>(), "user");
        _system = _root.CreateChild(Props.Create<Guardian>(), "system");
        _serialization = new Lazy<Serialization.Serialization>(() => SerializationSetup.CreateSerialization(this));
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public RuntimeSetup Runtime { get; }

    internal override TimeProvider TimeProvider => Runtime.Time;

    public IExecutor Executor { get; }

    public int Throughput { get; }

    public TimerQueue Timers { get; }

    public Address Address { get; }

    public ActorPath RootPath { get; }

    public ActorCell Root => _root;

    public ActorCell UserGuardian => _user;

    public ActorCell SystemGuardian => _system;

    public override EventStream EventStream { get; }

    public override DeadLetterActorRef DeadLetters { get; }

    public override IScheduler Scheduler => _scheduler;

    public override ILoggingAdapter Log { get; }

    public override Serialization.Serialization Serialization => _serialization.Value;

    public override IActorRefProvider Provider => ProviderImpl;

    public ActorRefProvider ProviderImpl { get; }

    public Facades Facades { get; } = new();

    /// <summary>The references that wait for an answer from another node.</summary>
    public Temporaries Temporaries { get; } = new();

    /// <summary>Null for a system that no other can reach.</summary>
    public RemoteSystem? Remote { get; private set; }

    /// <summary>How a task of the runtime goes on: on the pool, so that whoever completes it doesn't run what follows; within the turn
    /// in a simulation, which has no other threads.</summary>
    public TaskCreationOptions Continuations =>
        Executor is ThreadPoolExecutor ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    public override Task WhenTerminated => _terminated.Task;

    public override TimeSpan StartTime => TimeSpan.FromSeconds((double)_start / Runtime.Time.TimestampFrequency);

    public override TimeSpan Uptime => Timers.Elapsed(_start);

    /// <exception cref="IOException">The address of <see cref="RemoteSetup"/> can't be bound.</exception>
    public void Start()
    {
        if (Settings.Setup.Get<RemoteSetup>() is { HasValue: true } remote)
        {
            try
            {
                Remote = new RemoteSystem(this, remote.Value);
            }
            catch (Exception)
            {
                Timers.Dispose();
                throw;
            }
        }

        _root.Start();
    }

    public long NextUid() => Interlocked.Increment(ref _lastUid);

    public string NextTempName() => ActorNames.Generate(Interlocked.Increment(ref _lastTempName));

    public override IActorRef ActorOf(Props props, string? name = null) => _user.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _system.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Actor.ActorSelection.From(this, actorPath);

    public override ActorSelection ActorSelection(string actorPath) => Actor.ActorSelection.From(this, _root, actorPath);

    public override void Stop(IActorRef actor)
    {
        if (actor is ActorCell { Parent: { } parent } && (parent == _user || parent == _system))
            parent.Tell(new StopChild(actor), null);
        else
            ((IInternalActorRef)actor).Stop();
    }

    public override Task Terminate()
    {
        _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        return WhenTerminated;
    }

    /// <summary>Stops all actors: the last step of the coordinated shutdown.</summary>
    public Task FinalTerminate()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
            _root.Tell(RootGuardian.StopAll.Instance, null);
        return WhenTerminated;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_onTermination)
        {
            if (WhenTerminated.IsCompleted)
                throw new InvalidOperationException("The system has terminated");
            _onTermination.Push(code);
        }
    }

    /// <summary>A failure came up to the root: there is nobody left to decide.</summary>
    public void OnRootFailed(Exception cause)
    {
        EventStream.Publish(new Error(cause, Name, typeof(ActorSystem), "A top-level guardian failed; the system terminates"));
        _root.Stop();
    }

    public void OnRootTerminated()
    {
        while (true)
        {
            Action? code;
            lock (_onTermination)
            {
                if (!_onTermination.TryPop(out code))
                    break;
            }

            try
            {
                code();
            }
            catch (Exception e)
            {
                EventStream.Publish(new Error(e, Name, typeof(ActorSystem), "A termination callback failed"));
            }
        }

        Remote?.Close();
        Timers.Dispose();
        _terminated.TrySetResult();
    }

    public override object RegisterExtension(IExtensionId extension) => _extensions.Register(extension);

    public override object GetExtension(IExtensionId extensionId) => _extensions.Get(extensionId.ExtensionType);

    public override T? GetExtension<T>()
        where T : class => _extensions.TryGet(typeof(T), out var extension) ? (T)extension : null;

    public override bool HasExtension(Type type) => _extensions.TryGet(type, out _);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, [NotNullWhen(true)] out object? extension) =>
        _extensions.TryGet(extensionType, out extension);

    public override bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class
    {
        extension = GetExtension<T>();
        return extension is not null;
    }

    public override string ToString() => RootPath.Address.ToString();

    private static bool IsValidName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
