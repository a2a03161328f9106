using ChatAkka.Storage.Push;

namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>
/// A store as the contracts see it; nothing in it at first. A new store joins the suite with one file: a class that derives this, and one
/// class a contract that names it.
/// </summary>
/// <remarks>Contracts are <see cref="SkippableFactAttribute"/>s: a store whose server isn't there may skip when it is opened.</remarks>
public abstract class TestedStore : IAsyncDisposable
{
    private StorageOptions _options = new();
    private TimeProvider _time = TimeProvider.System;
    private ChatStore? _store;

    internal ChatStore Store => _store ?? throw new InvalidOperationException("The store isn't open.");

    internal async Task OpenAsync(StorageOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _store = await ConnectAsync();
    }

    /// <summary>Closes the store and opens it again, with what it had.</summary>
    internal async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await ConnectAsync();
    }

    /// <summary>Opens another <see cref="ChatStore"/> on the same data.</summary>
    internal Task<ChatStore> ConnectAsync() => ConnectAsync(_options, _time);

    /// <summary>What an operator finds of pushes that were given up, the oldest first.</summary>
    internal abstract Task<IReadOnlyList<DeadLetter>> DeadLettersAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await DropAsync();
    }

    private protected abstract Task<ChatStore> ConnectAsync(StorageOptions options, TimeProvider time);

    /// <summary>Removes the data.</summary>
    private protected virtual ValueTask DropAsync() => ValueTask.CompletedTask;
}
