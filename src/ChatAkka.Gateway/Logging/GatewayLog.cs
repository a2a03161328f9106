using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Logging;

/// <summary>
/// Everything that the gateway logs, and the registry of its event ids (2000–2999). What a client does wrong is Debug at most;
/// no message carries text, tokens or passwords.
/// </summary>
internal static partial class GatewayLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Connection lost.")]
    public static partial void ConnectionLost(ILogger log, Exception reason);

    [LoggerMessage(2001, LogLevel.Debug, "WebSocket refused with {Status}: {Detail}")]
    public static partial void HandshakeRefused(ILogger log, int status, string? detail);

    [LoggerMessage(2002, LogLevel.Debug, "Closing the socket of device {Device} with {Code}.")]
    public static partial void Closing(ILogger log, string device, Protocol.CloseCode code);

    [LoggerMessage(2003, LogLevel.Debug, "A connection could not be accepted.")]
    public static partial void AcceptFailed(ILogger log, Exception reason);

    [LoggerMessage(2004, LogLevel.Warning, "Cutting new connections: {Open} are open and the process may open hardly more files.")]
    public static partial void OutOfFiles(ILogger log, int open);

    [LoggerMessage(2005, LogLevel.Error, "Serving a socket failed.")]
    public static partial void SocketFault(ILogger log, Exception fault);

    [LoggerMessage(2006, LogLevel.Debug, "Device {Device} opens a session by long poll.")]
    public static partial void PollOpened(ILogger log, string device);

    [LoggerMessage(2007, LogLevel.Debug, "The session of device {Device} has lost its user's actor and looks for the next.")]
    public static partial void Interrupted(ILogger log, string device);

    [LoggerMessage(2010, LogLevel.Error, "Authentication failed unexpectedly.")]
    public static partial void AuthenticationFault(ILogger log, Exception fault);

    [LoggerMessage(2011, LogLevel.Error, "A history page could not be read.")]
    public static partial void HistoryFault(ILogger log, Exception fault);

    [LoggerMessage(2012, LogLevel.Error, "Sweeping the connections failed.")]
    public static partial void SweepFault(ILogger log, Exception fault);

    [LoggerMessage(2013, LogLevel.Debug, "The expiry of a session could not be moved.")]
    public static partial void TouchFailed(ILogger log, Exception fault);

    [LoggerMessage(2020, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void RequestFault(ILogger log, string method, string path, Exception fault);

    [LoggerMessage(2021, LogLevel.Debug, "{Method} {Path} could not be served now.")]
    public static partial void RequestUnavailable(ILogger log, string method, string path, Exception reason);

    [LoggerMessage(2030, LogLevel.Information, "Closing {Count} sockets.")]
    public static partial void Draining(ILogger log, int count);

    [LoggerMessage(2031, LogLevel.Information, "Sockets closed; {Left} did not answer and were cut.")]
    public static partial void Drained(ILogger log, int left);
}
