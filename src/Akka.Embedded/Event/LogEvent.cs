namespace Akka.Event;

/// <summary>How important a log event is.</summary>
public enum LogLevel
{
    DebugLevel,
    InfoLevel,
    WarningLevel,
    ErrorLevel,
}

/// <summary>A line of the log, as it is published on the event stream.</summary>
public abstract class LogEvent : Actor.INoSerializationVerificationNeeded
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>Given by the event stream, from the system's clock.</summary>
    public DateTime Timestamp { get; internal set; }

    public Exception? Cause { get; }

    public string LogSource { get; }

    public Type LogClass { get; }

    public object Message { get; }

    public abstract LogLevel LogLevel();

    public override string ToString() => Cause is null
        ? $"[{LogLevel().StringFor()}][{Timestamp:O}][{LogSource}] {Message}"
        : $"[{LogLevel().StringFor()}][{Timestamp:O}][{LogSource}] {Message}{Environment.NewLine}Cause: {Cause}";
}

/// <summary>A log event of level <see cref="LogLevel.DebugLevel"/>.</summary>
public class Debug(Exception? cause, string logSource, Type logClass, object message) : LogEvent(cause, logSource, logClass, message)
{
    public Debug(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>A log event of level <see cref="LogLevel.InfoLevel"/>.</summary>
public class Info(Exception? cause, string logSource, Type logClass, object message) : LogEvent(cause, logSource, logClass, message)
{
    public Info(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>A log event of level <see cref="LogLevel.WarningLevel"/>.</summary>
public class Warning(Exception? cause, string logSource, Type logClass, object message) : LogEvent(cause, logSource, logClass, message)
{
    public Warning(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>A log event of level <see cref="LogLevel.ErrorLevel"/>.</summary>
public class Error(Exception? cause, string logSource, Type logClass, object message) : LogEvent(cause, logSource, logClass, message)
{
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
