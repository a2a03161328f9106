using Akka.Actor;
using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>
/// Gives the plugins of an actor system its store. Register it before anything persists:
/// <c>system.RegisterExtension(new SqliteStorageProvider(store))</c>. The store belongs to whoever opened it, and outlives the system.
/// </summary>
public sealed class SqliteStorage(SqliteStore store) : IExtension
{
    /// <summary>The running store.</summary>
    public SqliteStore Store => store;

    /// <exception cref="InvalidOperationException">None was registered.</exception>
    internal static SqliteStorage Get(ActorSystem system) => system.TryGetExtension<SqliteStorage>(out var storage)
        ? storage
        : throw new InvalidOperationException($"The actor system '{system.Name}' has no {nameof(SqliteStorage)}: register one before anything persists.");
}

/// <summary>Registers a running store with an actor system.</summary>
public sealed class SqliteStorageProvider(SqliteStore store) : ExtensionIdProvider<SqliteStorage>
{
    /// <inheritdoc/>
    public override SqliteStorage CreateExtension(ExtendedActorSystem system) => new(store);
}
