using System.Net;
using ChatAkka.Protocol;

namespace ChatAkka.Client;

/// <summary>The server refused something, or it could not be reached; <see cref="Code"/> says why.</summary>
public sealed class ChatException : Exception
{
    /// <summary>The request could not be made, or was not answered: there was no connection to the server. Code of the client.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The answer isn't one of this protocol. Code of the client.</summary>
    public const string BadAnswer = "bad_answer";

    /// <summary>As many requests as <see cref="ChatClientOptions.OutboxCapacity"/> wait to be answered; nothing was sent. Code of the
    /// client.</summary>
    public const string OutboxFull = "outbox_full";

    /// <summary>The client was disposed of before the answer came. Code of the client.</summary>
    public const string Closed = "closed";

    /// <summary>Creates one.</summary>
    /// <param name="code">The stable name of the error.</param>
    /// <param name="message">For people.</param>
    /// <param name="cause">What it comes from.</param>
    public ChatException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>
    /// The stable name of the error: one of <see cref="ErrorCodes"/>, one of this class's constants, or the reason for which the server
    /// closed the connection for good (<c>unauthorized</c>, <c>revoked</c>, <c>replaced</c>, …).
    /// </summary>
    public string Code { get; }

    /// <summary>Status of the HTTP answer; null if the error came over the WebSocket, or there was no answer.</summary>
    public HttpStatusCode? HttpStatus { get; init; }

    /// <summary>When trying again makes sense; null if it doesn't.</summary>
    public TimeSpan? RetryAfter { get; init; }

    internal static ChatException Of(ErrorCode code, string? detail = null) => new(code.Name, detail ?? code.Message);
}
