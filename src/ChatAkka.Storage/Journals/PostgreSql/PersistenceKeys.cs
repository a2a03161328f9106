using ChatAkka.Storage.PostgreSql;
using Npgsql;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>
/// The numbers that stand for persistence ids. They are given once and for ever, so they may be remembered. Belongs to one lane. Bounded:
/// when full it is emptied, and the ids in use are looked up again.
/// </summary>
internal sealed class PersistenceKeys
{
    private const int Capacity = 100_000;

    private const string Intern =
        """
        WITH made AS (INSERT INTO persistence (id) SELECT unnest($1) ON CONFLICT (id) DO NOTHING RETURNING id, key)
        SELECT id, key FROM made UNION ALL SELECT id, key FROM persistence WHERE id = ANY ($1)
        """;

    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);

    public long this[string persistenceId] => _known[persistenceId];

    /// <summary>Sees to it that all these ids have a number. Committed by itself: one without events does no harm.</summary>
    public async Task LearnAsync(NpgsqlConnection connection, IEnumerable<string> persistenceIds)
    {
        string[] unknown = [.. persistenceIds.Where(id => !_known.ContainsKey(id)).Distinct()];
        if (unknown.Length > 0 && _known.Count + unknown.Length > Capacity)
        {
            _known.Clear();
            unknown = [.. persistenceIds.Distinct()];
        }

        // An id that another connection is about to intern is in neither half of the answer; it is when that has committed.
        while (unknown.Length > 0)
        {
            await using var command = connection.Statement(Intern, Parameter.Of(unknown));
            await command.ForEachAsync(
                reader => _known[reader.GetString(0)] = reader.GetInt64(1), CancellationToken.None).ConfigureAwait(false);
            unknown = Array.FindAll(unknown, id => !_known.ContainsKey(id));
        }
    }
}
