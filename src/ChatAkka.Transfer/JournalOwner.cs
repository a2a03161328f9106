using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Transfer;

/// <summary>Whose journals a store has: channels' and users', by their persistence ids.</summary>
internal static class JournalOwner
{
    private const int IdsAtOnce = 500;

    public static bool IsKnown(string persistenceId) => IsChannel(persistenceId)
        ? ChannelId.TryParse(persistenceId[StoredEvents.ChannelPrefix.Length..], out _)
        : IsUser(persistenceId) && UserId.TryParse(persistenceId[StoredEvents.UserPrefix.Length..], out _);

    public static bool IsChannel(string persistenceId) => persistenceId.StartsWith(StoredEvents.ChannelPrefix, StringComparison.Ordinal);

    public static ChannelId Channel(string persistenceId) => new(persistenceId[StoredEvents.ChannelPrefix.Length..]);

    public static UserId User(string persistenceId) => new(persistenceId[StoredEvents.UserPrefix.Length..]);

    public static string PersistenceId(ChannelId channel) => StoredEvents.ChannelPrefix + channel.Value;

    public static string PersistenceId(UserId user) => StoredEvents.UserPrefix + user.Value;

    /// <summary>The persistence ids that begin so.</summary>
    public static IAsyncEnumerable<string> JournalsAsync(this ChatStore store, string prefix, CancellationToken cancel) =>
        store.Contents.PersistenceIdsAsync(cancel).Where(id => id.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The newest event of every journal, some at a time.</summary>
    public static IAsyncEnumerable<List<JournalRow>> HeadsAsync(this ChatStore store, CancellationToken cancel) =>
        store.Contents.PersistenceIdsAsync(cancel).Chunk(IdsAtOnce)
            .Select(async (ids, token) => await store.Journal.HeadsAsync(ids, token).ConfigureAwait(false));

    private static bool IsUser(string persistenceId) => persistenceId.StartsWith(StoredEvents.UserPrefix, StringComparison.Ordinal);
}
