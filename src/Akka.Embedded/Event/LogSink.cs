using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MelLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Akka.Event;

/// <summary>Takes the log events of a system.</summary>
internal abstract class LogSink
{
    public abstract void Write(LogEvent log);

    public static LogSink From(LoggingSetup setup) => setup switch
    {
        { Enabled: false } => new NullSink(),
        { LoggerFactory: { } factory } => new LoggerFactorySink(factory),
        _ => new ConsoleSink(),
    };

    private sealed class NullSink : LogSink
    {
        public override void Write(LogEvent log) { }
    }

    private sealed class ConsoleSink : LogSink
    {
        public override void Write(LogEvent log) => Console.Out.WriteLine(log);
    }

    /// <summary>One logger per class; the actor that logs is a value of the scope's, not a category of its own.</summary>
    private sealed class LoggerFactorySink(ILoggerFactory factory) : LogSink
    {
        private readonly ConcurrentDictionary<Type, ILogger> _loggers = new();

        public override void Write(LogEvent log)
        {
            var logger = _loggers.GetOrAdd(log.LogClass, static (type, from) => from.CreateLogger(type.FullName ?? type.Name), factory);
            var level = log.LogLevel() switch
            {
                LogLevel.DebugLevel => MelLevel.Debug,
                LogLevel.InfoLevel => MelLevel.Information,
                LogLevel.WarningLevel => MelLevel.Warning,
                _ => MelLevel.Error,
            };
            if (logger.IsEnabled(level))
                logger.Log(level, log.Cause, "{Message} ({LogSource})", log.Message, log.LogSource);
        }
    }
}
