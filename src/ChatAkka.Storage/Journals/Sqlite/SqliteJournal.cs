namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>The journal plugin on the embedded store, which it finds through <see cref="SqliteStorage"/>.</summary>
public sealed class SqliteJournal : EventStoreJournal
{
    internal override IEventStore Events { get; } = SqliteStorage.Get(Context.System).Store.Journal;
}
