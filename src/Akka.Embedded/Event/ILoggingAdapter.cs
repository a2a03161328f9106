using Akka.Actor;

namespace Akka.Event;

/// <summary>Turns a format and its arguments into text.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object?[] args);

    string Format(string format, IEnumerable<object?> args);
}

/// <summary>Formats as <see cref="string.Format(string, object?[])"/> does.</summary>
public sealed class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter() { }

    public string Format(string format, params object?[] args) => string.Format(format, args);

    public string Format(string format, IEnumerable<object?> args) => Format(format, args.ToArray());
}

/// <summary>A format with its arguments; it becomes text when somebody reads it.</summary>
public abstract class LogMessage
{
    protected readonly ILogMessageFormatter Formatter;

    private protected LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    public string Format { get; }

    public abstract IEnumerable<object?> Parameters();

    public override string ToString() => Formatter.Format(Format, Parameters());
}

/// <summary>Writes to the log with a fixed source. A level that is off costs a comparison.</summary>
public interface ILoggingAdapter
{
    ILogMessageFormatter Formatter { get; }

    bool IsDebugEnabled { get; }

    bool IsInfoEnabled { get; }

    bool IsWarningEnabled { get; }

    bool IsErrorEnabled { get; }

    bool IsEnabled(LogLevel logLevel);

    void Log(LogLevel logLevel, Exception? cause, string format);

    void Log(LogLevel logLevel, Exception? cause, LogMessage message);
}

/// <summary>Logs nothing.</summary>
public sealed class NoLogger : ILoggingAdapter
{
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger() { }

    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => false;

    public bool IsInfoEnabled => false;

    public bool IsWarningEnabled => false;

    public bool IsErrorEnabled => false;

    public bool IsEnabled(LogLevel logLevel) => false;

    public void Log(LogLevel logLevel, Exception? cause, string format) { }

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) { }
}

/// <summary>Where loggers come from, and names of levels.</summary>
public static class Logging
{
    /// <summary>A logger whose source is the actor's path.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
    {
        var cell = (ActorCell)context;
        return new LoggingAdapter(
            cell.SystemImpl.EventStream, cell.Path.ToString(), cell.Actor?.GetType() ?? cell.Props.Type, logMessageFormatter);
    }

    /// <param name="system">Whose log it is.</param>
    /// <param name="logSourceObj">The source: a text, a type, an actor's reference, or an object whose type counts.</param>
    /// <param name="logMessageFormatter">How messages are formatted.</param>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = logSourceObj switch
        {
            string text => (text, typeof(Logging)),
            Type sourceType => (sourceType.Name, sourceType),
            IActorRef reference => (reference.Path.ToString(), reference.GetType()),
            _ => (logSourceObj.GetType().Name, logSourceObj.GetType()),
        };
        return new LoggingAdapter(system.EventStream, source, type, logMessageFormatter);
    }

    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        _ => throw new ArgumentException($"Unknown LogLevel: \"{logLevel}\"", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        _ => "ERROR",
    };
}
