using System.Text;

namespace ChatAkka.Protocol;

/// <summary>
/// A stable code that tells a client why a request failed, on both transports. It carries its own policy: the HTTP status,
/// and whether repeating the same request later can succeed without a change (<see cref="Retryable"/>).
/// </summary>
public sealed class ErrorCode
{
    private readonly byte[] _utf8;

    internal ErrorCode(string name, int httpStatus, string message, bool retryable = false)
    {
        (Name, HttpStatus, Message, Retryable) = (name, httpStatus, message, retryable);
        _utf8 = Encoding.ASCII.GetBytes(name);
    }

    /// <summary>What stands on the wire.</summary>
    public string Name { get; }

    /// <summary>Status of an HTTP answer with this code.</summary>
    public int HttpStatus { get; }

    /// <summary>For people; clients must not compare it.</summary>
    public string Message { get; }

    /// <summary>The answer carries <c>retry_ms</c>; the request had no effect, or repeating it is safe.</summary>
    public bool Retryable { get; }

    /// <summary><see cref="Name"/> as it is written into a frame.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Every error code of protocol version 1.</summary>
public static class ErrorCodes
{
    /// <summary>A field is missing, of the wrong type or out of range.</summary>
    public static readonly ErrorCode BadRequest = new("bad_request", 400, "The request is malformed.");

    /// <summary>There is no such operation, path or method.</summary>
    public static readonly ErrorCode UnknownOp = new("unknown_op", 404, "There is no such operation.");

    /// <summary>The token is missing, wrong, expired or revoked.</summary>
    public static readonly ErrorCode Unauthorized = new("unauthorized", 401, "A valid token is required.");

    /// <summary>User name or password is wrong; which one is not told.</summary>
    public static readonly ErrorCode BadCredentials = new("bad_credentials", 401, "User name or password is wrong.");

    /// <summary>The caller's role doesn't allow it.</summary>
    public static readonly ErrorCode NotAllowed = new("not_allowed", 403, "You may not do that.");

    /// <summary>One of the two has blocked the other.</summary>
    public static readonly ErrorCode Blocked = new("blocked", 403, "You can't write to this user.");

    /// <summary>There is no such channel, or the caller isn't a member: the two are not told apart.</summary>
    public static readonly ErrorCode ChannelNotFound = new("channel_not_found", 404, "There is no such channel.");

    /// <summary>There is no such user.</summary>
    public static readonly ErrorCode UserNotFound = new("user_not_found", 404, "There is no such user.");

    /// <summary>There is no such message in the channel.</summary>
    public static readonly ErrorCode MessageNotFound = new("message_not_found", 404, "There is no such message.");

    /// <summary>The user has done something else to the message since the device had what the request says it had.</summary>
    public static readonly ErrorCode Outdated = new("outdated", 409, "You have changed this meanwhile: look at it again.");

    /// <summary>Somebody has this user name.</summary>
    public static readonly ErrorCode UsernameTaken = new("username_taken", 409, "This user name is taken.");

    /// <summary>The text has no character.</summary>
    public static readonly ErrorCode TextEmpty = new("text_empty", 422, "The text is empty.");

    /// <summary>The text has more than <see cref="ProtocolLimits.MaxTextLength"/> code points.</summary>
    public static readonly ErrorCode TextTooLong = new("text_too_long", 422, "The text is too long.");

    /// <summary>The text holds U+0000, a lone surrogate or bytes that aren't UTF-8.</summary>
    public static readonly ErrorCode TextInvalid = new("text_invalid", 422, "The text is not valid Unicode.");

    /// <summary>The group would have more members than the server allows.</summary>
    public static readonly ErrorCode GroupTooLarge = new("group_too_large", 422, "The group would be too large.");

    /// <summary>A frame or a body is larger than allowed.</summary>
    public static readonly ErrorCode FrameTooLarge = new("frame_too_large", 413, "The request is too large.");

    /// <summary>Too many requests; nothing was done.</summary>
    public static readonly ErrorCode RateLimited = new("rate_limited", 429, "Too many requests.", retryable: true);

    /// <summary>Too much is waiting; nothing was stored.</summary>
    public static readonly ErrorCode Busy = new("busy", 503, "The server is busy.", retryable: true);

    /// <summary>The server can't do it now, or doesn't know whether it did; repeating is safe.</summary>
    public static readonly ErrorCode Unavailable = new("unavailable", 503, "The server can't do that now.", retryable: true);

    /// <summary>A fault of the server.</summary>
    public static readonly ErrorCode Internal = new("internal", 500, "The server made a mistake.");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ErrorCode> All =
    [
        BadRequest, UnknownOp, Unauthorized, BadCredentials, NotAllowed, Blocked, ChannelNotFound, UserNotFound, MessageNotFound,
        Outdated, UsernameTaken, TextEmpty, TextTooLong, TextInvalid, GroupTooLarge, FrameTooLarge, RateLimited, Busy, Unavailable,
        Internal,
    ];
}
