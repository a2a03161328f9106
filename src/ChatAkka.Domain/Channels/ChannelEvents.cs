using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// One entry of a channel's timeline. <see cref="Id"/> is its journal sequence number: 1, 2, 3, … without a gap (P2).
/// </summary>
/// <param name="Id">Channel-local, dense from 1.</param>
/// <param name="N">How many messages the timeline holds up to and including this event.</param>
/// <param name="At">When it was accepted, in ms since the Unix epoch.</param>
/// <param name="From">Who caused it.</param>
public abstract record ChannelEvent(long Id, long N, long At, UserId From)
{
    /// <summary>UTF-16 units of text in it, for those who bound what they hold.</summary>
    public virtual int TextLength => 0;
}

/// <summary>The first event of every channel; carries the members it starts with.</summary>
public sealed record ChannelCreated(long Id, long At, UserId From, ChannelKind Kind, string Title, ImmutableArray<Member> Members)
    : ChannelEvent(Id, 0, At, From);

/// <summary>A text. (Device, ClientId) is what makes a repeated send the same message (P3).</summary>
/// <param name="ReplyTo">Id of an earlier message of this channel, or 0.</param>
public sealed record MessagePosted(
    long Id, long N, long At, UserId From, DeviceId Device, string ClientId, string Text, long ReplyTo, ImmutableArray<UserId> Mentions)
    : ChannelEvent(Id, N, At, From)
{
    /// <inheritdoc/>
    public override int TextLength => Text.Length;
}

/// <summary>A user became a member.</summary>
public sealed record MemberAdded(long Id, long N, long At, UserId From, UserId User, MemberRole Role) : ChannelEvent(Id, N, At, From);

/// <summary>A user stopped being a member; by leaving when <see cref="User"/> is <see cref="ChannelEvent.From"/>.</summary>
public sealed record MemberRemoved(long Id, long N, long At, UserId From, UserId User, MemberRole Role) : ChannelEvent(Id, N, At, From);

/// <summary>A member's role was set. A group has one owner: whoever becomes it turns the one before into an admin.</summary>
public sealed record RoleChanged(long Id, long N, long At, UserId From, UserId User, MemberRole Role) : ChannelEvent(Id, N, At, From);

/// <summary>The group got a new title.</summary>
public sealed record TitleChanged(long Id, long N, long At, UserId From, string Title) : ChannelEvent(Id, N, At, From);

/// <summary>A member of a channel.</summary>
/// <param name="Since">Id of the event that made the user a member.</param>
/// <param name="SinceN">Messages up to that event.</param>
public sealed record Member(UserId User, MemberRole Role, long Since, long SinceN = 0);
