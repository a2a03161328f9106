using ChatAkka.Domain.Channels;
using ChatAkka.Protocol;

namespace ChatAkka.Gateway.Connections;

/// <summary>The wire codes of the domain's refusals.</summary>
internal static class Refusals
{
    /// <summary>When a client should try again what was busy or unavailable.</summary>
    public const int RetryMs = 1_000;

    public static ErrorCode Code(Refusal reason) => reason switch
    {
        Refusal.ChannelNotFound => ErrorCodes.ChannelNotFound,
        Refusal.UserNotFound => ErrorCodes.UserNotFound,
        Refusal.MessageNotFound => ErrorCodes.MessageNotFound,
        Refusal.NotAllowed => ErrorCodes.NotAllowed,
        Refusal.Blocked => ErrorCodes.Blocked,
        Refusal.GroupTooLarge => ErrorCodes.GroupTooLarge,
        Refusal.Outdated => ErrorCodes.Outdated,
        Refusal.Busy => ErrorCodes.Busy,
        Refusal.Unavailable => ErrorCodes.Unavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>0 for a code that isn't worth repeating.</summary>
    public static int RetryOf(ErrorCode code) => code.Retryable ? RetryMs : 0;

    /// <summary>The code of a text that can't be posted; null if it can.</summary>
    public static ErrorCode? OfText(string text) => MessageText.Check(text) switch
    {
        MessageTextCheck.Ok => null,
        MessageTextCheck.Empty => ErrorCodes.TextEmpty,
        MessageTextCheck.TooLong => ErrorCodes.TextTooLong,
        _ => ErrorCodes.TextInvalid,
    };
}
