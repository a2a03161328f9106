using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Warns of the same thing once in a while, however often it happens: what peers do must not fill the log.</summary>
internal sealed class RepeatedWarnings(ActorSystemImpl system, Type source)
{
    private const int MaxSubjects = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _lastWarnings = new();
    private readonly LoggingAdapter _log = new(system.EventStream, source.Name, source);

    /// <param name="subject">What is not told twice within the pause.</param>
    public void Warn(string subject, Exception? cause, string format, params object?[] arguments)
    {
        if (!IsNew(subject))
            return;
        if (cause is null)
            _log.Warning(format, arguments);
        else
            _log.Warning(cause, format, arguments);
    }

    /// <summary>The same for what can only be a fault of this program.</summary>
    /// <inheritdoc cref="Warn"/>
    public void Error(string subject, Exception cause, string format, params object?[] arguments)
    {
        if (IsNew(subject))
            _log.Error(cause, format, arguments);
    }

    private bool IsNew(string subject)
    {
        var now = system.Timers.Now;
        if (_lastWarnings.TryGetValue(subject, out var last) && system.Timers.Elapsed(last) < Pause)
            return false;
        if (_lastWarnings.Count >= MaxSubjects)
            _lastWarnings.Clear();
        _lastWarnings[subject] = now;
        return true;
    }
}
