using System.Collections.Immutable;
using Akka.Actor;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Whom a user may watch (P7): friends and fellow members, unless they have blocked the user. Runs beside the user actor and touches
/// nothing of it. The groups are asked only for those whom nothing else allows, and only until all are found.
/// </summary>
internal sealed class WatchPermissions(UserId user, UserServices services)
{
    private const int GroupsAtOnce = 16;
    private static readonly TimeSpan ChannelPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Works out the answer; it comes back to the user actor as <see cref="WatchFiltered"/>.</summary>
    public void Answer(FilterWatched filter, IReadOnlyCollection<ChannelId> channels, IActorRef asker, IActorRef self) =>
        FilterAsync(filter.Users, channels).PipeTo(
            self,
            success: allowed => new WatchFiltered(asker, new WatchAllowed(filter.Request, allowed)),
            failure: _ => new WatchFiltered(asker, new WatchAllowed(filter.Request, default)));

    /// <summary>Passes the answer on. Who got none is to ask again.</summary>
    public static void Tell(WatchFiltered filtered, ITimerScheduler timers)
    {
        filtered.Asker.Tell(filtered.Answer);
        if (filtered.Answer.Users.IsDefault)
        {
            timers.StartSingleTimer(WatchOutdated.Instance, WatchOutdated.Instance, AskAgainAfter);
        }
    }

    /// <exception cref="StorageUnavailableException">A store or a channel could not answer.</exception>
    private async Task<ImmutableArray<UserId>> FilterAsync(ImmutableArray<UserId> wanted, IReadOnlyCollection<ChannelId> channels)
    {
        var others = wanted.Where(other => other != user).ToHashSet();
        var allowed = channels.Where(channel => channel.IsDirect).Select(Other).Where(others.Contains).ToHashSet();
        allowed.UnionWith(await services.Contacts.FriendsAmongAsync(user, others).ConfigureAwait(false));
        foreach (var groups in channels.Where(channel => !channel.IsDirect).Chunk(GroupsAtOnce))
        {
            if (allowed.Count == others.Count)
            {
                break;
            }

            foreach (var members in await Task.WhenAll(groups.Select(MembersAsync)).ConfigureAwait(false))
            {
                allowed.UnionWith(members.Where(others.Contains));
            }
        }

        allowed.ExceptWith(await services.Contacts.BlockersAmongAsync(user, allowed).ConfigureAwait(false));
        return [.. wanted.Distinct().Where(other => other == user || allowed.Contains(other))];
    }

    private UserId Other(ChannelId direct)
    {
        var (smaller, larger) = direct.Users;
        return smaller == user ? larger : smaller;
    }

    private async Task<IEnumerable<UserId>> MembersAsync(ChannelId group) =>
        await services.Channels.Ask<ChannelReply>(new GetChannel(group, user, 0), ChannelPatience).ConfigureAwait(false) switch
        {
            ChannelInfo info => info.View.Members.Select(member => member.User),
            Refused { Reason: Refusal.ChannelNotFound } => [],
            _ => throw new StorageUnavailableException($"channel {group} could not be opened"),
        };
}
