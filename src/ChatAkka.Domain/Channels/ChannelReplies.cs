using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>The one answer to a <see cref="ChannelCommand"/>.</summary>
/// <param name="Request">The number of the command that it answers.</param>
public abstract record ChannelReply(ChannelId Channel, long Request);

/// <summary>The message is stored.</summary>
/// <param name="Duplicate">It was stored by an earlier attempt; nothing was created now.</param>
public sealed record Posted(ChannelId Channel, long Request, long Id, long N, long At, bool Duplicate) : ChannelReply(Channel, Request);

/// <summary>The annotation is stored.</summary>
/// <param name="Id">The event that made it so; an earlier one if it was so already.</param>
public sealed record Annotated(ChannelId Channel, long Request, long Id) : ChannelReply(Channel, Request);

/// <summary>The channel as it is after the command (or as asked for).</summary>
/// <param name="Created">The command created it.</param>
public sealed record ChannelInfo(ChannelId Channel, long Request, ChannelView View, bool Created) : ChannelReply(Channel, Request);

/// <summary>The command changed nothing, for a reason that is the caller's to mend.</summary>
public sealed record Refused(ChannelId Channel, long Request, Refusal Reason) : ChannelReply(Channel, Request);

/// <summary>Why a command was refused. The gateway gives each its stable wire code.</summary>
public enum Refusal
{
    /// <summary>Not there, or the caller isn't a member: the two must not be told apart (P7).</summary>
    ChannelNotFound,

    /// <summary>The named user doesn't exist.</summary>
    UserNotFound,

    /// <summary>The message that is replied to or annotated doesn't exist, or was deleted.</summary>
    MessageNotFound,

    /// <summary>The caller's role doesn't allow it, or this kind of channel never does.</summary>
    NotAllowed,

    /// <summary>The other user of the direct channel has blocked the caller.</summary>
    Blocked,

    /// <summary>The group would exceed the configured size.</summary>
    GroupTooLarge,

    /// <summary>
    /// An edit or a reaction that its user has overtaken: the event that counts now is newer than any that the asking device had seen when
    /// it asked first. So a request that was held up somewhere, and repeated meanwhile, doesn't undo what was done after the repeat.
    /// </summary>
    Outdated,

    /// <summary>Too much is waiting for this channel; nothing was stored.</summary>
    Busy,

    /// <summary>The store could not commit; repeating is safe (P3).</summary>
    Unavailable,
}

/// <summary>A channel as a member sees it.</summary>
/// <param name="Head">Id of the newest event.</param>
/// <param name="N">Number of messages.</param>
public sealed record ChannelView(ChannelId Id, ChannelKind Kind, string Title, long Head, long N, ImmutableArray<Member> Members)
{
    /// <summary>The user's membership.</summary>
    /// <exception cref="InvalidOperationException">The user isn't a member: they may not have this view.</exception>
    public Member Of(UserId user)
    {
        foreach (var member in Members)
        {
            if (member.User == user)
            {
                return member;
            }
        }

        throw new InvalidOperationException($"user {user} is not a member of channel {Id}");
    }

    /// <summary>What is shown of it to one of its members.</summary>
    /// <exception cref="InvalidOperationException">The user isn't a member.</exception>
    public MemberView For(UserId user) => new(Id, Kind, Title, Head, N, Members.Length, Of(user));
}

/// <summary>A channel in the list of one of its members, who are told how many others there are and not who.</summary>
/// <param name="Head">Id of the newest event.</param>
/// <param name="N">Number of messages.</param>
/// <param name="Own">Their membership.</param>
public sealed record MemberView(ChannelId Id, ChannelKind Kind, string Title, long Head, long N, int Members, Member Own);
