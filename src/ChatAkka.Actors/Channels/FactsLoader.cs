using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>What was looked up: facts, or who has blocked whom.</summary>
/// <param name="BlocksVersion">Which look at the blocks this is; an outdated one says nothing.</param>
internal sealed record FactsLoaded(Facts? Facts, BlockState? Blocks, int BlocksVersion);

/// <summary>A store could not answer.</summary>
internal sealed record FactsUnavailable(Exception Cause);

/// <summary>Looks up what a decision depends on besides the channel's state. Runs beside the channel and touches nothing of it.</summary>
internal sealed class FactsLoader(ChannelId channel, ChannelServices services)
{
    /// <exception cref="Domain.Timelines.StorageUnavailableException">A store could not answer.</exception>
    public async Task<FactsLoaded> LoadAsync(Undecided wanted, int blocksVersion)
    {
        if (wanted.WantsBlocks)
        {
            var (smaller, larger) = channel.Users;
            return new FactsLoaded(null, await services.Contacts.FindBlocksAsync(smaller, larger, CancellationToken.None), blocksVersion);
        }

        var events = ImmutableArray.CreateBuilder<ChannelEvent>();
        foreach (var range in wanted.Ranges)
        {
            events.AddRange(await services.Timelines.ReadAsync(
                channel, range.From, range.To, int.MaxValue, backward: false, CancellationToken.None));
        }

        var annotations = wanted.Target == 0
            ? []
            : await services.Timelines.ReadAnnotationsAsync(channel, wanted.Target, wanted.Target, CancellationToken.None);
        var missing = wanted.Users.IsDefaultOrEmpty ? [] : await services.Accounts.FindMissingAsync(wanted.Users, CancellationToken.None);
        return new FactsLoaded(new Facts([.. missing], events.ToImmutable(), wanted.Target, [.. annotations]), null, blocksVersion);
    }
}
