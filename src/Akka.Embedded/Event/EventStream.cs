using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// The system's bulletin board: an event reaches every subscriber of its type, of a base of it, or of an interface of it.
/// A subscriber that stops is forgotten.
/// </summary>
public class EventStream
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly LogSink _sink;
    private readonly int _loggedDeadLetters;
    private ImmutableList<(Type Channel, IActorRef Subscriber)> _subscriptions = [];

    // Which subscribers an event's type has; started anew whenever the subscriptions change.
    private ConcurrentDictionary<Type, IActorRef[]> _subscribers = new();
    private int _deadLetters;

    internal EventStream(LoggingSetup logging, TimeProvider time)
    {
        _time = time;
        _sink = LogSink.From(logging);
        _loggedDeadLetters = logging.LoggedDeadLetters;
        LogLevel = logging.LogLevel;
    }

    public LogLevel LogLevel { get; private set; }

    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    /// <summary>False when it is subscribed already.</summary>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_gate)
        {
            if (_subscriptions.Contains((channel, subscriber)))
                return false;
            Change(_subscriptions.Add((channel, subscriber)));
        }

        if (subscriber is ActorCell cell)
        {
            cell.MarkSubscriber();
            if (cell.IsTerminated)
                Unsubscribe(subscriber);
        }

        return true;
    }

    /// <summary>False when it was not subscribed.</summary>
    public bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        lock (_gate)
        {
            var rest = _subscriptions.Remove((channel, subscriber));
            return Change(rest);
        }
    }

    /// <summary>Ends all subscriptions of the subscriber; false when it had none.</summary>
    public bool Unsubscribe(IActorRef subscriber)
    {
        lock (_gate)
            return Change(_subscriptions.RemoveAll(s => s.Subscriber.Equals(subscriber)));
    }

    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        switch (@event)
        {
            case LogEvent log when log.LogLevel() < LogLevel:
                return;
            case LogEvent log:
                log.Timestamp = _time.GetUtcNow().UtcDateTime;
                _sink.Write(log);
                break;
            case DeadLetter letter:
                LogDeadLetter(letter);
                break;
        }

        foreach (var subscriber in Volatile.Read(ref _subscribers).GetOrAdd(@event.GetType(), FindSubscribers))
            subscriber.Tell(@event, ActorRefs.NoSender);
    }

    private IActorRef[] FindSubscribers(Type type) =>
        [.. _subscriptions.Where(s => s.Channel.IsAssignableFrom(type)).Select(s => s.Subscriber).Distinct()];

    private bool Change(ImmutableList<(Type Channel, IActorRef Subscriber)> subscriptions)
    {
        if (ReferenceEquals(_subscriptions, subscriptions))
            return false;
        _subscriptions = subscriptions;
        Volatile.Write(ref _subscribers, new ConcurrentDictionary<Type, IActorRef[]>());
        return true;
    }

    private void LogDeadLetter(DeadLetter letter)
    {
        if (LogLevel > LogLevel.InfoLevel || Volatile.Read(ref _deadLetters) >= _loggedDeadLetters)
            return;
        var count = Interlocked.Increment(ref _deadLetters);
        if (count > _loggedDeadLetters)
            return;
        var last = count == _loggedDeadLetters ? "; no more of them will be logged" : "";
        Publish(new Info(
            letter.Recipient.Path.ToString(),
            typeof(DeadLetter),
            $"Dead letter {count}: a {letter.Message.GetType().Name} from {letter.Sender} to {letter.Recipient}{last}"));
    }
}

/// <summary>Subscriptions by type parameter.</summary>
public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
