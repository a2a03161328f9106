using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Akka.Event.LogLevel;

namespace Akka.Hosting;

/// <summary>How a hosted system logs: unless told otherwise, through the host's logger factory.</summary>
public sealed class LoggerConfigBuilder
{
    private ILoggerFactory? _factory;
    private bool _toConsole;
    private bool _enabled = true;

    internal LoggerConfigBuilder() { }

    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    /// <summary>Removes every logger: what is logged reaches the event stream's subscribers only.</summary>
    public LoggerConfigBuilder ClearLoggers()
    {
        _enabled = false;
        return this;
    }

    internal LoggerConfigBuilder UseConsole()
    {
        (_enabled, _toConsole) = (true, true);
        return this;
    }

    internal LoggerConfigBuilder UseFactory(ILoggerFactory? factory)
    {
        (_enabled, _toConsole, _factory) = (true, false, factory);
        return this;
    }

    internal LoggingSetup Build(ILoggerFactory? hostFactory) => new()
    {
        LogLevel = LogLevel,
        Enabled = _enabled,
        LoggerFactory = _toConsole ? null : _factory ?? hostFactory,
    };
}

/// <summary>Logging of a hosted system.</summary>
public static class LoggingExtensions
{
    public static AkkaConfigurationBuilder ConfigureLoggers(this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        configurator(builder.Loggers);
        return builder;
    }

    /// <summary>Logs to the console.</summary>
    public static LoggerConfigBuilder AddDefaultLogger(this LoggerConfigBuilder configBuilder) => configBuilder.UseConsole();

    /// <summary>Logs through the host's logger factory.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder) => configBuilder.UseFactory(null);

    /// <summary>Logs through the given logger factory.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder, ILoggerFactory loggerFactory) =>
        configBuilder.UseFactory(loggerFactory);
}
