namespace ChatAkka.Domain.Timelines;

/// <summary>The store's side of <see cref="IDeliveryLog"/>: it knows persistence ids, not channels.</summary>
public interface IUndeliveredTable
{
    /// <summary>Takes a persistence id out unless it has events above <paramref name="head"/>.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task SettledAsync(string persistenceId, long head, CancellationToken cancel);

    /// <summary>The persistence ids that are in.</summary>
    /// <exception cref="StorageUnavailableException">The store could not answer.</exception>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel);
}
