using Npgsql;

namespace Benchmarks.PostgreSql;

/// <summary>What the store's layout was chosen over: one row an event, in the order of arrival. A channel's key is its number.</summary>
internal static class PlainLayout
{
    private const string CreateTable = """
        CREATE TABLE event_plain (
          key         bigint  NOT NULL,
          sequence_nr bigint  NOT NULL,
          serializer  integer NOT NULL,
          manifest    text    NOT NULL,
          payload     bytea   NOT NULL,
          PRIMARY KEY (key, sequence_nr)
        )
        """;

    private const string Copy = "COPY event_plain (key, sequence_nr, serializer, manifest, payload) FROM STDIN (FORMAT BINARY)";

    public static async Task FillAsync(NpgsqlConnection connection, Arrivals arrivals)
    {
        await connection.ExecuteAsync(CreateTable);
        await using var copy = await connection.BeginBinaryImportAsync(Copy);
        foreach (var (round, channels) in arrivals.InOrder())
        {
            foreach (var channel in channels)
            {
                await copy.WriteEventAsync(channel, channel, round);
            }
        }

        await copy.CompleteAsync();
    }
}
