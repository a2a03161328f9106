using Microsoft.Extensions.Logging;

namespace Akka.Event;

/// <summary>Where a system's log goes.</summary>
public sealed class LoggingSetup : Actor.Setup.Setup
{
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>Null for the console.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>False when nothing but subscribers of the event stream see the log.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>So many dead letters are logged, then no more.</summary>
    public int LoggedDeadLetters { get; init; } = 10;
}
