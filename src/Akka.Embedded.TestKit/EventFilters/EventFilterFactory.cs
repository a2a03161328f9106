using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Expectations of the log.</summary>
public class EventFilterFactory(TestKitBase testKit)
{
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Custom(log => log.LogLevel() == logLevel && Matches(log, message, start, contains, source));

    /// <summary>Errors with an exception of the type.</summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception =>
        Custom<Error>(log => log.Cause is TException cause
            && (Matches(log, message, start, contains, source)
                || (IsFrom(log, source) && Matches(cause.Message, message, start, contains))));

    /// <inheritdoc cref="Exception{TException}(string?, string?, string?, string?)"/>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception =>
        Custom<Error>(log => log.Cause is TException cause && IsFrom(log, source)
            && (pattern.IsMatch(cause.Message) || pattern.IsMatch(log.Message.ToString() ?? "")));

    public IEventFilterApplier DeadLetter() => new EventFilterApplier(testKit, static e => e is DeadLetter);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter<TMessage>(static _ => true, source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) => new EventFilterApplier(
        testKit,
        e => e is DeadLetter { Message: TMessage message } letter && isMatch(message)
            && (source is null || letter.Recipient.Path.ToString() == source));

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) =>
        new EventFilterApplier(testKit, e => e is LogEvent log && predicate(log));

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent => new EventFilterApplier(testKit, e => e is TLogEvent log && predicate(log));

    private static bool Matches(LogEvent log, string? message, string? start, string? contains, string? source) =>
        IsFrom(log, source) && Matches(log.Message.ToString() ?? "", message, start, contains);

    private static bool IsFrom(LogEvent log, string? source) => source is null || log.LogSource == source;

    private static bool Matches(string text, string? message, string? start, string? contains) =>
        (message is null || text == message)
        && (start is null || text.StartsWith(start, StringComparison.Ordinal))
        && (contains is null || text.Contains(contains, StringComparison.Ordinal));
}
