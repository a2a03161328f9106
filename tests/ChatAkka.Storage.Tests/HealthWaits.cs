namespace ChatAkka.Storage.Tests;

/// <summary>Waiting for a store to notice something.</summary>
internal static class HealthWaits
{
    /// <summary>Completes when the store is in the given state, or has become so since the call.</summary>
    public static Task<StorageHealth> Becomes(this ChatStore store, StorageState state)
    {
        var reached = new TaskCompletionSource<StorageHealth>(TaskCreationOptions.RunContinuationsAsynchronously);
        store.HealthChanged += Look;
        Look(store.Health);
        return reached.Task.Within($"the store to be {state}");

        void Look(StorageHealth health)
        {
            if (health.State == state)
            {
                reached.TrySetResult(health);
            }
        }
    }
}
