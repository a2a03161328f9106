using Akka.Event;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Keeps the text of what is logged at level Warning or above.</summary>
internal sealed class RecordingLog : ILoggingAdapter
{
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => false;

    public bool IsInfoEnabled => false;

    public bool IsWarningEnabled => true;

    public bool IsErrorEnabled => true;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.WarningLevel;

    public void Log(LogLevel logLevel, Exception? cause, string format) => Add($"{logLevel} {format}");

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => Add($"{logLevel} {message}");

    private void Add(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }
}
