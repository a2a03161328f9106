using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Users;

/// <summary>The newest change of one user's membership in one channel.</summary>
/// <param name="ChangeId">Id of the channel's event that made the change.</param>
/// <param name="Joined">False for a tombstone: the user left.</param>
public readonly record struct MembershipChange(ChannelId Channel, long ChangeId, bool Joined);

/// <summary>
/// What a user is a member of. Channels tell of joins and leaves at least once and in any order; the newest change of a channel (by
/// its event id) wins, so what has left stays left when an old join arrives late. Tombstones are kept for that.
/// </summary>
public sealed record UserState
{
    // The id of the newest change; negative if it was a leave.
    private readonly ImmutableDictionary<ChannelId, long> _changes;

    private UserState(UserId id, ImmutableDictionary<ChannelId, long> changes, ImmutableHashSet<ChannelId> muted)
    {
        Id = id;
        _changes = changes;
        Muted = muted;
    }

    /// <summary>The user.</summary>
    public UserId Id { get; }

    /// <summary>The channels of which the user wants no pushes; only such that they are a member of.</summary>
    public ImmutableHashSet<ChannelId> Muted { get; }

    /// <summary>The channels that the user is a member of, in no order.</summary>
    public IEnumerable<ChannelId> Channels => _changes.Where(c => c.Value > 0).Select(c => c.Key);

    /// <summary>Everything there is to store, tombstones too, in no order.</summary>
    public IEnumerable<MembershipChange> Changes => _changes.Select(c => new MembershipChange(c.Key, Math.Abs(c.Value), c.Value > 0));

    /// <summary>A user without channels.</summary>
    public static UserState Empty(UserId id) => new(id, ImmutableDictionary<ChannelId, long>.Empty, []);

    /// <summary>Rebuilds the state from what <see cref="Changes"/> and <see cref="Muted"/> said.</summary>
    /// <exception cref="ArgumentException">A channel is listed twice, or a change has no event, or a muted channel isn't the
    /// user's.</exception>
    public static UserState Restore(UserId id, IEnumerable<MembershipChange> changes, params IEnumerable<ChannelId> muted)
    {
        var builder = ImmutableDictionary.CreateBuilder<ChannelId, long>();
        foreach (var change in changes)
        {
            if (change.ChangeId < 1 || !builder.TryAdd(change.Channel, change.Joined ? change.ChangeId : -change.ChangeId))
            {
                throw new ArgumentException($"impossible membership: channel {change.Channel}, change {change.ChangeId}", nameof(changes));
            }
        }

        var state = new UserState(id, builder.ToImmutable(), [.. muted]);
        return state.Muted.All(channel => state.MemberSince(channel) is not null)
            ? state
            : throw new ArgumentException("a muted channel isn't one of the user's", nameof(muted));
    }

    /// <summary>The id of the channel's event since which the user is a member; null if they aren't.</summary>
    public long? MemberSince(ChannelId channel) =>
        _changes.TryGetValue(channel, out var change) && change > 0 ? change : null;

    /// <summary>The last id before the event that made the user a member: where a device stands that never moved its cursor.</summary>
    /// <exception cref="InvalidOperationException">The user isn't a member.</exception>
    public long JoinedAfter(ChannelId channel) =>
        (MemberSince(channel) ?? throw new InvalidOperationException($"user {Id} is not a member of channel {channel}")) - 1;

    /// <summary>The user never was a member of any channel.</summary>
    public bool IsNew => _changes.IsEmpty;

    /// <summary>The id of the channel's event since which the user isn't a member any more; null if they are, or never were.</summary>
    public long? LeftSince(ChannelId channel) =>
        _changes.TryGetValue(channel, out var change) && change < 0 ? -change : null;

    /// <summary>The event to persist, or null if this is known or overtaken.</summary>
    public UserEvent? DecideJoin(ChannelId channel, long changeId) =>
        IsNews(channel, changeId) ? new ChannelJoined(channel, changeId) : null;

    /// <summary>The event to persist, or null if this is known or overtaken. A leave that overtakes its join counts.</summary>
    public UserEvent? DecideLeave(ChannelId channel, long changeId) =>
        IsNews(channel, changeId) ? new ChannelLeft(channel, changeId) : null;

    /// <summary>The event to persist, or null if it is so already. Only for a member.</summary>
    public UserEvent? DecideMute(ChannelId channel, bool isMuted) =>
        Muted.Contains(channel) == isMuted ? null : new MuteChanged(channel, isMuted);

    /// <summary>The state after the event; the same one if the event is known or overtaken.</summary>
    /// <exception cref="InvalidOperationException">The event isn't known.</exception>
    public UserState Apply(UserEvent e) => e switch
    {
        ChannelJoined joined => Change(joined.Channel, joined.ChangeId, isMember: true),
        ChannelLeft left => Change(left.Channel, left.ChangeId, isMember: false),
        MuteChanged mute when MemberSince(mute.Channel) is null => this,
        MuteChanged mute => new UserState(Id, _changes, mute.IsMuted ? Muted.Add(mute.Channel) : Muted.Remove(mute.Channel)),
        _ => throw new InvalidOperationException($"no rule for the event {e.GetType().Name} of user {Id}"),
    };

    private UserState Change(ChannelId channel, long changeId, bool isMember) =>
        IsNews(channel, changeId)
            ? new UserState(Id, _changes.SetItem(channel, isMember ? changeId : -changeId), isMember ? Muted : Muted.Remove(channel))
            : this;

    private bool IsNews(ChannelId channel, long changeId) => changeId > Math.Abs(_changes.GetValueOrDefault(channel));
}
