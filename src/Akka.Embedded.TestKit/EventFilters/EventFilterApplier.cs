using System.Diagnostics;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Runs code and counts what it makes appear in the log.</summary>
public interface IEventFilterApplier
{
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Only runs the code: nothing here writes the log of a test to the console.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);
}

internal sealed class EventFilterApplier(TestKitBase testKit, Predicate<object> matches) : IEventFilterApplier
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(3);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        var result = default(T)!;
        Expect(1, () => result = func(), cancellationToken);
        return result;
    }

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, DefaultTimeout, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        ExpectAsync(
            expectedCount,
            timeout,
            () =>
            {
                action();
                return Task.CompletedTask;
            },
            cancellationToken).GetAwaiter().GetResult();

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, DefaultTimeout, actionAsync, cancellationToken);

    public void Mute(Action action, CancellationToken cancellationToken = default) => action();

    private async Task ExpectAsync(int expected, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken)
    {
        var counter = new Counter(((ActorCell)testKit.TestActor).SystemImpl, matches, expected);
        var events = testKit.Sys.EventStream;
        events.Subscribe(counter, typeof(LogEvent));
        events.Subscribe(counter, typeof(DeadLetter));
        try
        {
            await action();
            await counter.Reached.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            testKit.TestAssertions.Fail($"Timeout ({timeout}) while waiting for {expected} matching events, got {counter.Count}");
        }
        finally
        {
            events.Unsubscribe(counter);
        }

        testKit.TestAssertions.AssertEqual(expected, counter.Count);
    }

    /// <summary>Subscribes without a mailbox, so that what the code logs is counted when the code has returned.</summary>
    private sealed class Counter : MinimalActorRef
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Predicate<object> _matches;
        private readonly int _expected;
        private int _count;

        public Counter(ActorSystemImpl system, Predicate<object> matches, int expected) : base(system)
        {
            (_matches, _expected) = (matches, expected);
            Path = system.RootPath / "temp" / system.NextTempName();
            if (expected == 0)
                _reached.SetResult();
        }

        public override ActorPath Path { get; }

        public int Count => Volatile.Read(ref _count);

        public Task Reached => _reached.Task;

        public override void Tell(object message, IActorRef? sender)
        {
            if (_matches(message) && Interlocked.Increment(ref _count) >= _expected)
                _reached.TrySetResult();
        }
    }
}
