namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>A store that settings lead to: another process that is given them works on the same data.</summary>
public abstract class ConfiguredStore : TestedStore
{
    /// <summary>The options, with the settings that lead to this store.</summary>
    internal abstract StorageOptions Configure(StorageOptions options);

    /// <summary>Several processes may have it open at once.</summary>
    internal virtual bool IsShared => false;

    private protected sealed override Task<ChatStore> ConnectAsync(StorageOptions options, TimeProvider time) => IsShared
        ? ChatStore.OpenSharedAsync(Configure(options), time, CancellationToken.None)
        : ChatStore.OpenAsync(Configure(options), time, CancellationToken.None);
}
