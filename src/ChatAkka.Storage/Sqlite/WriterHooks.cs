namespace ChatAkka.Storage.Sqlite;

/// <summary>Named points of the writer thread at which tests observe it or make it fail.</summary>
internal sealed class WriterHooks
{
    /// <summary>Before a group is begun, with the session it will run on.</summary>
    public Action<SqliteSession>? BeforeGroup { get; init; }

    /// <summary>After a commit, with the number of writes in it.</summary>
    public Action<int>? Committed { get; init; }
}
