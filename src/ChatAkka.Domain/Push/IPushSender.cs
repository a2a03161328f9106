using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>What a user who isn't there is told.</summary>
/// <param name="Id">The delivery id: the same in every attempt, unique for ever. A receiver tells repeats by it.</param>
/// <param name="Title">Title of the group; empty for a direct channel.</param>
/// <param name="MessageId">The message that was the first to come after the user had left.</param>
/// <param name="At">When it was posted, in ms since the Unix epoch.</param>
/// <param name="Count">Unread messages of the channel.</param>
/// <param name="Preview">The beginning of the message's text; empty if no text may leave the server.</param>
public sealed record PushNotification(
    string Id,
    UserId User,
    ChannelId Channel,
    ChannelKind Kind,
    string Title,
    UserId From,
    string FromName,
    long MessageId,
    long At,
    long Count,
    string Preview);

/// <summary>What came of one attempt.</summary>
public abstract record PushOutcome
{
    private PushOutcome()
    {
    }

    /// <summary>The receiver has it.</summary>
    public sealed record Delivered : PushOutcome;

    /// <summary>It failed in a way that may pass; the receiver may have got it all the same.</summary>
    /// <param name="Reason">For the operator; never text of a message.</param>
    /// <param name="After">How long the receiver asks to be left alone; null if it doesn't say.</param>
    public sealed record Retry(string Reason, TimeSpan? After = null) : PushOutcome;

    /// <summary>The receiver won't ever take it.</summary>
    /// <param name="Reason">For the operator; never text of a message.</param>
    public sealed record Rejected(string Reason) : PushOutcome;
}

/// <summary>A way out of the server for notifications.</summary>
public interface IPushSender
{
    /// <summary>Makes one attempt, within a time of the sender's own. Does not throw, unless it is cancelled. Thread-safe.</summary>
    Task<PushOutcome> SendAsync(PushNotification notification, CancellationToken cancel);
}
