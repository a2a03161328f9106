using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>Looks up what a decision depends on besides the channel's state. Runs beside the channel and touches nothing of it.</summary>
internal sealed class FactsLoader(ChannelId channel, ChannelServices services)
{
    /// <exception cref="Domain.Timelines.StorageUnavailableException">A store could not answer.</exception>
    public async Task<Facts> LoadAsync(Undecided wanted)
    {
        var events = ImmutableArray.CreateBuilder<ChannelEvent>();
        foreach (var range in wanted.Ranges)
        {
            events.AddRange(await services.Timelines.ReadAsync(channel, range.From, range.To, int.MaxValue, backward: false, CancellationToken.None));
        }

        var annotations = wanted.Target == 0
            ? []
            : await services.Timelines.ReadAnnotationsAsync(channel, wanted.Target, wanted.Target, CancellationToken.None);
        var missing = wanted.Users.IsDefaultOrEmpty ? [] : await services.Accounts.FindMissingAsync(wanted.Users, CancellationToken.None);
        return new Facts([.. missing], events.ToImmutable(), wanted.Target, [.. annotations]);
    }
}
