using Microsoft.Extensions.Logging;

namespace ChatAkka.Push.Logging;

/// <summary>
/// Everything that push notifications log, and the registry of their event ids (3000–3999). No message carries text, names, the webhook's
/// URL or its secret.
/// </summary>
internal static partial class PushLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Push notifications wait: the store can't answer.")]
    public static partial void StoreUnavailable(ILogger log, Exception reason);

    [LoggerMessage(3001, LogLevel.Information, "Push notifications go on: the store answers again.")]
    public static partial void StoreAvailable(ILogger log);

    [LoggerMessage(3002, LogLevel.Error, "Dispatching push notifications failed.")]
    public static partial void DispatchFault(ILogger log, Exception fault);

    [LoggerMessage(3003, LogLevel.Error, "Push {Delivery} could not be made or sent.")]
    public static partial void SendFault(ILogger log, string delivery, Exception fault);

    [LoggerMessage(3010, LogLevel.Debug, "Attempt {Attempt} at push {Delivery} failed: {Reason}.")]
    public static partial void AttemptFailed(ILogger log, int attempt, string delivery, string reason);

    [LoggerMessage(
        3011,
        LogLevel.Warning,
        "Push notifications fail: {Retried} attempts will be repeated, {Dead} pushes became dead letters; the last reason: {Reason}.")]
    public static partial void Failing(ILogger log, int retried, int dead, string reason);

    [LoggerMessage(3020, LogLevel.Information, "Waiting for {Count} push notifications that are being sent.")]
    public static partial void Stopping(ILogger log, int count);
}
