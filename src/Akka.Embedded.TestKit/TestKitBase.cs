using System.Diagnostics;
using System.Linq.Expressions;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// What tests of actors need: an actor that keeps what it receives, and ways to wait for it. Waiting is on real time.
/// </summary>
public abstract class TestKitBase : IActorRefFactory
{
    private static readonly TimeSpan DefaultExpectation = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DefaultSilence = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private static int _probes;

    private readonly ITestKitAssertions _assertions;
    private readonly TestActorState _state = new();
    private MessageEnvelope _last = NullMessageEnvelope.Instance;
    private long? _withinEnd;
    private bool _lastWasNoMessage;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system ?? ActorSystem.Create("test", Quiet(ActorSystemSetup.Empty)), testActorName, true) { }

    protected TestKitBase(
        ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, ActorSystem.Create(actorSystemName ?? "test", Quiet(setup)), testActorName, true) { }

    private TestKitBase(ITestKitAssertions assertions, ActorSystem system, string? testActorName, bool implicitSender)
    {
        _assertions = assertions;
        Sys = system;
        Log = Logging.GetLogger(system, GetType());
        TestActor = ((ExtendedActorSystem)system).SystemActorOf(
            Props.Create(typeof(TestActor), _state), testActorName ?? $"testActor{Interlocked.Increment(ref _probes)}");
        EventFilter = new EventFilterFactory(this);
        if (implicitSender && this is not INoImplicitSender)
            TestActorContext.Enter((ActorCell)TestActor);
    }

    public ActorSystem Sys { get; }

    /// <summary>Receives what the test expects, and is the sender of what the test's thread tells.</summary>
    public IActorRef TestActor { get; }

    public EventFilterFactory EventFilter { get; }

    public ILoggingAdapter Log { get; }

    public bool HasMessages => _state.Messages.Reader.TryPeek(out _);

    public object? LastMessage => _last.Message;

    public IActorRef LastSender => _last.Sender ?? ActorRefs.Nobody;

    /// <summary>The rest of the innermost <c>Within</c>.</summary>
    public TimeSpan Remaining => _withinEnd is { } end
        ? TimeSpan.FromSeconds(Math.Max(0, end - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency)
        : throw new InvalidOperationException(@"Remaining may not be called outside of ""within""");

    public TimeSpan RemainingOrDefault => _withinEnd is null ? DefaultExpectation : Remaining;

    internal ITestKitAssertions TestAssertions => _assertions;

    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());

    public IActorRef ActorOf<TActor>(string? name)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string? name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    public virtual TestProbe CreateTestProbe(string? name = null) => new(Sys, _assertions, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    /// <summary>Makes the test actor watch; its <see cref="Terminated"/> is then a message like any other.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Ask<Done>(new WatchRequest(actorToWatch), RemainingOrDefault).GetAwaiter().GetResult();
        return actorToWatch;
    }

    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await TestActor.Ask<Done>(new WatchRequest(actorToWatch), RemainingOrDefault);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Ask<Done>(new UnwatchRequest(actorToUnwatch), RemainingOrDefault).GetAwaiter().GetResult();
        return actorToUnwatch;
    }

    /// <summary>Drops messages for which the function says true.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => Volatile.Write(ref _state.Ignore, shouldIgnoreMessage);

    public void IgnoreMessages<TMsg>() => IgnoreMessages(static message => message is TMsg);

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is TMsg typed && shouldIgnoreMessage(typed));

    public void IgnoreNoMessages() => Volatile.Write(ref _state.Ignore, null);

    /// <summary>Lets the pilot answer what the test actor receives; the messages are kept all the same.</summary>
    public void SetAutoPilot(AutoPilot pilot) => Volatile.Write(ref _state.Pilot, pilot);

    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Sync(ExpectMsgAsync<T>(duration, hint, cancellationToken));

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Sync(ExpectMsgAsync(message, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Sync(ExpectMsgAsync(isMessage, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Sync(ExpectMsgAsync(assert, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(
        Action<T, IActorRef> assertMessageAndSender,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        Sync(ExpectAsync<T>(timeout, hint, (message, sender) => assertMessageAndSender(message, sender), cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, static (_, _) => { }, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (actual, _) => _assertions.AssertEqual(message, actual, Text(hint)), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(
            timeout,
            hint,
            (actual, _) => _assertions.AssertTrue(isMessage(actual), $"Got {actual}, which does not match the predicate. {hint}"),
            cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (actual, _) => assert(actual), cancellationToken);

    /// <summary>The next messages are these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
    {
        var missing = messages.ToList();
        var received = new List<T>();
        while (missing.Count > 0)
        {
            var message = ExpectMsg<T>(cancellationToken: cancellationToken);
            _assertions.AssertTrue(missing.Remove(message), $"Unexpected {message}; still missing: {string.Join(", ", missing)}");
            received.Add(message);
        }

        return received;
    }

    public Terminated ExpectTerminated(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Sync(ExpectTerminatedAsync(target, timeout, hint, cancellationToken));

    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<Terminated>(timeout, hint, (message, _) => _assertions.AssertEqual(target, message.ActorRef, Text(hint)), cancellationToken);

    /// <summary>Nothing comes for a short while, or within the rest of <c>Within</c>.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectNoMsg(SilenceOrRemaining(), cancellationToken);

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(duration, cancellationToken).AsTask().GetAwaiter().GetResult();

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(SilenceOrRemaining(), cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        if (await TakeAsync(duration, cancellationToken) is { } envelope)
            _assertions.Fail($"Expected no messages during {duration}, instead we received {envelope.Message} from {envelope.Sender}");
        _lastWasNoMessage = true;
    }

    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Sync(ReceiveOneAsync(max, cancellationToken));

    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TakeAsync(max ?? RemainingOrDefault, cancellationToken))?.Message;

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveN(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default)
    {
        var end = Stopwatch.GetTimestamp() + (long)(max.TotalSeconds * Stopwatch.Frequency);
        var messages = new List<object>(numberOfMessages);
        while (messages.Count < numberOfMessages)
        {
            var rest = TimeSpan.FromSeconds(Math.Max(0, end - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
            if (Sync(TakeAsync(rest, cancellationToken)) is not { } envelope)
            {
                _assertions.Fail($"Timeout ({max}) while expecting {numberOfMessages} messages. Only got {messages.Count}");
                break;
            }

            messages.Add(envelope.Message!);
        }

        return messages;
    }

    /// <summary>Takes messages until one matches, and returns that.</summary>
    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public T FishForMessage<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Sync(FishForMessageAsync(isMessage, max, hint, cancellationToken));

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = max ?? RemainingOrDefault;
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var rest = limit - Stopwatch.GetElapsedTime(start);
            if (await TakeAsync(rest < TimeSpan.Zero ? TimeSpan.Zero : rest, cancellationToken) is not { } envelope)
            {
                _assertions.Fail($"Timeout ({limit}) during fishForMessage. {hint}");
                return default!;
            }

            if (envelope.Message is T message && isMessage(message))
                return message;
        }
    }

    /// <summary>Repeats the assertion until it holds or the time is over.</summary>
    public void AwaitAssert(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(assertion, duration, interval, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration,
            interval,
            cancellationToken);

    /// <inheritdoc cref="AwaitAssert"/>
    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var limit = duration ?? RemainingOrDefault;
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(start) < limit)
            {
                await Task.Delay(interval ?? PollInterval, cancellationToken);
            }
        }
    }

    /// <summary>Repeats the question until the answer is yes or the time is over.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, "", cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, "", cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        AwaitAssert(
            () => _assertions.AssertTrue(conditionIsFulfilled(), $"Timeout while waiting for a condition. {message}"),
            max,
            null,
            cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(
            () => _assertions.AssertTrue(conditionIsFulfilled(), "Timeout while waiting for a condition."), max, null, cancellationToken);

    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within<object?>(
            min,
            max,
            () =>
            {
                action();
                return null;
            },
            hint,
            epsilonValue,
            cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>The function ends between the two times; expectations inside it wait for what is left of <paramref name="max"/>.</summary>
    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        var outer = _withinEnd;
        var end = start + (long)(max.TotalSeconds * Stopwatch.Frequency);
        _withinEnd = outer is { } limit ? Math.Min(limit, end) : end;
        _lastWasNoMessage = false;
        try
        {
            var result = function();
            var elapsed = Stopwatch.GetElapsedTime(start);
            _assertions.AssertTrue(elapsed >= min, $"Block took {elapsed}, should have taken at least {min}. {hint}");
            // Silence takes all the time that it is given.
            if (!_lastWasNoMessage)
                _assertions.AssertTrue(elapsed <= max + (epsilonValue ?? TimeSpan.Zero), $"Block took {elapsed}, exceeding {max}. {hint}");
            return result;
        }
        finally
        {
            _withinEnd = outer;
        }
    }

    /// <summary>Terminates the system and waits for it.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var ended = system.Terminate().Wait(duration ?? TimeSpan.FromSeconds(10));
        if (!ended && verifySystemShutdown)
            _assertions.Fail($"Failed to stop [{system.Name}] within {duration}");
    }

    // A failing actor is what half of the tests are about: it need not be on the console.
    private static ActorSystemSetup Quiet(ActorSystemSetup setup) =>
        setup.Get<LoggingSetup>().HasValue ? setup : setup.And(new LoggingSetup { Enabled = false, LogLevel = LogLevel.DebugLevel });

    private static string Text(string? hint) =>
        (hint ?? "").Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private static T Sync<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private TimeSpan SilenceOrRemaining() => _withinEnd is null ? DefaultSilence : Remaining;

    private async ValueTask<T> ExpectAsync<T>(
        TimeSpan? timeout, string? hint, Action<T, IActorRef> assert, CancellationToken cancellationToken)
    {
        var limit = timeout ?? RemainingOrDefault;
        if (await TakeAsync(limit, cancellationToken) is not { } envelope)
        {
            _assertions.Fail($"Timeout {limit} while waiting for a message of type {typeof(T)}. {hint}");
            return default!;
        }

        if (envelope.Message is not T message)
        {
            _assertions.Fail(
                $"Expected a message of type {typeof(T)}, but received {envelope.Message} (type {envelope.Message?.GetType()}) "
                + $"from {envelope.Sender}. {hint}");
            return default!;
        }

        assert(message, envelope.Sender ?? ActorRefs.Nobody);
        return message;
    }

    private async ValueTask<MessageEnvelope?> TakeAsync(TimeSpan max, CancellationToken cancellationToken)
    {
        var reader = _state.Messages.Reader;
        if (!reader.TryRead(out var envelope))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(max);
            try
            {
                // The waiting thread may be the only one of its synchronization context.
                envelope = await reader.ReadAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _last = NullMessageEnvelope.Instance;
                return null;
            }
        }

        _lastWasNoMessage = false;
        _last = envelope;
        return envelope;
    }
}
