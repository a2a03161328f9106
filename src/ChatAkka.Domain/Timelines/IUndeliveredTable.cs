namespace ChatAkka.Domain.Timelines;

/// <summary>The store's side of <see cref="IDeliveryLog"/>: it knows persistence ids, not channels.</summary>
public interface IUndeliveredTable
{
    /// <summary>Takes a persistence id out unless it has events above <paramref name="head"/>.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task SettledAsync(string persistenceId, long head, CancellationToken cancel);

    /// <summary>The persistence ids that were last entered or taken up at <paramref name="before"/> or earlier, the longest first, at most
    /// <paramref name="limit"/>. They stay in, as taken up at <paramref name="now"/>.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<string>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel);
}
