namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>The snapshot store plugin on the embedded store, which it finds through <see cref="SqliteStorage"/>.</summary>
public sealed class SqliteSnapshotStore : SnapshotTableStore
{
    internal override ISnapshotTable Snapshots { get; } = SqliteStorage.Get(Context.System).Store.Snapshots;
}
