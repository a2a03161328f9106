using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Push;

/// <summary>What a notification says, as things stand now.</summary>
/// <param name="Title">Title of the group; empty for a direct channel.</param>
/// <param name="From">Who sent the message.</param>
/// <param name="FromName">The sender's display name.</param>
/// <param name="Count">Messages of the channel that the user hasn't read; at least 1.</param>
/// <param name="Text">The message's whole text as it is now, after edits.</param>
public sealed record PushFacts(ChannelKind Kind, string Title, UserId From, string FromName, long Count, string Text);

/// <summary>
/// Looks up what a push says at the moment it is sent, which may be hours after the message: channels, names and texts change meanwhile.
/// </summary>
public interface IPushFacts
{
    /// <summary>
    /// The facts of a message for a user, or null if there is nothing to push any more: the message was deleted, the user has read it or
    /// isn't a member any more. A null is final: the push is dropped, and further messages of the channel make none until the user
    /// returns. So a message that was deleted while later ones are unread should answer with the facts of the first that stands. Answers or
    /// throws within seconds: meanwhile it takes the place of a push that could be sent.
    /// </summary>
    /// <param name="messageId">The message that caused the push.</param>
    /// <exception cref="Timelines.StorageUnavailableException">This can't be told now. The push waits; it doesn't count as an
    /// attempt.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled: the server stops.</exception>
    Task<PushFacts?> FindAsync(UserId user, ChannelId channel, long messageId, CancellationToken cancel);
}
