using ChatAkka.Storage;
using ChatAkka.Storage.Journals.PostgreSql;
using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace Benchmarks.PostgreSql;

/// <summary>Pages of history in some layout.</summary>
internal interface IPages : IAsyncDisposable
{
    /// <summary>Messages of a page.</summary>
    const int Length = 50;

    /// <summary>An SQL query that has the number of channels.</summary>
    string CountChannels { get; }

    /// <summary>The sequence nrs of the page that ends with <paramref name="to"/>, from the newest.</summary>
    Task<IReadOnlyList<long>> ReadAsync(int channel, long to);

    /// <summary>The query that does that, with its parameters, behind a prefix.</summary>
    NpgsqlCommand Query(NpgsqlConnection connection, string prefix, int channel, long to);
}

/// <summary>As the server reads them.</summary>
internal sealed class ChunkPages(ChatStore store) : IPages
{
    /// <inheritdoc/>
    public string CountChannels => "SELECT max(key) FROM persistence";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<long>> ReadAsync(int channel, long to)
    {
        var page = await store.Timelines.ReadAsync(Arrivals.Id(channel), 1, to, IPages.Length, backward: true, CancellationToken.None);
        return [.. page.Select(e => e.SequenceNr)];
    }

    /// <inheritdoc/>
    public NpgsqlCommand Query(NpgsqlConnection connection, string prefix, int channel, long to) => connection.Statement(
        prefix + PostgresJournal.SelectDescending,
        Parameter.Of(Arrivals.Id(channel)),
        Parameter.Of(1L),
        Parameter.Of(to),
        Parameter.Of((long)IPages.Length));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store.DisposeAsync();
}

/// <summary>From one row an event, by plain SQL and without the store; connections and rows are handled as it does.</summary>
internal sealed class PlainPages(string database) : IPages
{
    private const string Select = """
        SELECT sequence_nr, serializer, manifest, payload FROM event_plain
        WHERE key = $1 AND sequence_nr BETWEEN 1 AND $2 ORDER BY sequence_nr DESC LIMIT $3
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(Databases.Settings(database));

    /// <inheritdoc/>
    public string CountChannels => "SELECT max(key) + 1 FROM event_plain";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<long>> ReadAsync(int channel, long to)
    {
        List<long> page = [];
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = Query(connection, "", channel, to);
        await command.ForEachAsync(reader => page.Add(PostgresJournal.Row(reader, "", 0).SequenceNr), CancellationToken.None);
        return page;
    }

    /// <inheritdoc/>
    public NpgsqlCommand Query(NpgsqlConnection connection, string prefix, int channel, long to) =>
        connection.Statement(prefix + Select, Parameter.Of((long)channel), Parameter.Of(to), Parameter.Of((long)IPages.Length));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
