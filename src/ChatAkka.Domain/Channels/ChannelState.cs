using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// What a channel's timeline amounts to: everything that decides the next command, and no message texts.
/// Only <see cref="Channel.Apply"/> makes a new one out of an old one; the old one stays valid.
/// </summary>
public sealed record ChannelState
{
    private ChannelState(ChannelId id) => Id = id;

    /// <summary>The channel.</summary>
    public ChannelId Id { get; }

    /// <summary>False until its first event; it never ceases to exist, but it may have no members any more.</summary>
    public bool Exists => Head > 0;

    /// <summary>Meaningless until it exists.</summary>
    public ChannelKind Kind { get; internal init; }

    /// <summary>Empty for a direct channel.</summary>
    public string Title { get; internal init; } = "";

    /// <summary>Who caused the first event.</summary>
    public UserId Creator { get; internal init; }

    /// <summary>The longest-standing first.</summary>
    public ImmutableArray<Member> Members => MemberList.Members;

    /// <summary>Id of the newest event, 0 if there is none.</summary>
    public long Head { get; internal init; }

    /// <summary>Number of messages.</summary>
    public long N { get; internal init; }

    /// <summary>What has been sent, for recognising repeats.</summary>
    public SendLog Sends { get; internal init; } = SendLog.Empty;

    internal MemberList MemberList { get; init; } = MemberList.Empty;

    /// <summary>A channel without a timeline.</summary>
    public static ChannelState Empty(ChannelId id) => new(id);

    /// <summary>Rebuilds an existing channel's state from what its accessors said.</summary>
    /// <exception cref="ArgumentException">No timeline leads to such a state: what was stored is damaged.</exception>
    public static ChannelState Restore(
        ChannelId id, ChannelKind kind, string title, UserId creator, ImmutableArray<Member> members, long head, long n, SendLog sends)
    {
        Require(id.Value is not null && creator.Value is not null && title is not null && !members.IsDefault, "a part is missing");
        Require(kind == (id.IsDirect ? ChannelKind.Direct : ChannelKind.Group), "the kind is not that of the id");
        Require(head > 0 && n >= 0 && n < head, "the head or the number of messages is impossible");
        Require(sends.Head == head, "the send log ends at another event");
        Require(members.Select(m => m.User).Distinct().Count() == members.Length, "a member is listed twice");
        Require(
            members.All(m => m.User.Value is not null && m.Since >= 1 && m.Since <= head && m.SinceN >= 0 && m.SinceN <= n),
            "a member is impossible");
        Require(members.All(m => Enum.IsDefined(m.Role)), "a role is unknown");
        var owners = members.Count(m => m.Role == MemberRole.Owner);
        Require(owners == (kind == ChannelKind.Direct ? 0 : Math.Min(1, members.Length)), "a group has one owner, a direct channel none");
        Require(kind == ChannelKind.Group || members.Length == 2, "a direct channel has two members");
        return new ChannelState(id)
        {
            Kind = kind,
            Title = title!,
            Creator = creator,
            MemberList = new MemberList(members),
            Head = head,
            N = n,
            Sends = sends,
        };
    }

    /// <summary>The user's membership, or null.</summary>
    public Member? Find(UserId user) => MemberList.Find(user);

    /// <summary>The channel as its members see it.</summary>
    public ChannelView View() => new(Id, Kind, Title, Head, N, Members);

    /// <summary>The channel as it is listed for one of its members; null for anybody else.</summary>
    public MemberView? ViewOf(UserId user) =>
        Find(user) is { } own ? new MemberView(Id, Kind, Title, Head, N, Members.Length, own) : null;

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new ArgumentException($"not the state of a channel: {otherwise}");
        }
    }
}
