namespace Akka.Event;

/// <summary>Publishes log events on the event stream, which hands them to the log's sink.</summary>
internal sealed class LoggingAdapter(
    EventStream bus, string source, Type logClass, ILogMessageFormatter? formatter = null) : ILoggingAdapter
{
    public ILogMessageFormatter Formatter => formatter ?? DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsEnabled(LogLevel logLevel) => bus.LogLevel <= logLevel;

    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
        if (IsEnabled(logLevel))
            Publish(logLevel, cause, format);
    }

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
        if (IsEnabled(logLevel))
            Publish(logLevel, cause, message);
    }

    private void Publish(LogLevel level, Exception? cause, object message) => bus.Publish(level switch
    {
        LogLevel.DebugLevel => new Debug(cause, source, logClass, message),
        LogLevel.InfoLevel => new Info(cause, source, logClass, message),
        LogLevel.WarningLevel => new Warning(cause, source, logClass, message),
        _ => new Error(cause, source, logClass, message),
    });
}
