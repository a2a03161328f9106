namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>The base of what every store must do; nothing in a contract knows which one it is.</summary>
public abstract class StoreContract<TStore> : IAsyncLifetime where TStore : TestedStore, new()
{
    private protected TestedStore Tested { get; } = new TStore();

    private protected ChatStore Store => Tested.Store;

    private protected virtual StorageOptions Options { get; } = new();

    private protected virtual TimeProvider Time => TimeProvider.System;

    public virtual Task InitializeAsync() => Tested.OpenAsync(Options, Time);

    public virtual async Task DisposeAsync() => await Tested.DisposeAsync();
}
