using ChatAkka.Actors.Serialization;
using ChatAkka.Storage.Journals.PostgreSql;
using Npgsql;
using NpgsqlTypes;

namespace Benchmarks.PostgreSql;

/// <summary>
/// The rows that the store would have if the events had been appended one by one, each table's in the order in which it would have got
/// them: a chunk when the event after its last one arrives. (What vacuum would have made room for in between isn't there.)
/// </summary>
internal static class ChunkLayout
{
    private const int Length = AppendBatch.ChunkLength;
    private const string CopyPersistence = "COPY persistence (id, head, tail) FROM STDIN (FORMAT BINARY)";
    private const string CopyChunks = "COPY event_chunk (key, first, serializers, manifests, payloads) FROM STDIN (FORMAT BINARY)";
    private const string CopyEvents = "COPY event (key, sequence_nr, serializer, manifest, payload) FROM STDIN (FORMAT BINARY)";

    public static async Task FillAsync(NpgsqlConnection connection, Arrivals arrivals)
    {
        var heads = arrivals.Heads();
        var keys = await CopyPersistenceAsync(connection, arrivals, heads);
        await CopyChunksAsync(connection, arrivals, keys);
        await CopyEventsAsync(connection, arrivals, keys, heads);
    }

    /// <returns>The keys of the channels, which are numbered from 1 as they come.</returns>
    private static async Task<long[]> CopyPersistenceAsync(NpgsqlConnection connection, Arrivals arrivals, long[] heads)
    {
        var keys = new long[heads.Length];
        var next = 0L;
        await using var copy = await connection.BeginBinaryImportAsync(CopyPersistence);
        foreach (var channel in arrivals.InOrder().First().Channels)
        {
            keys[channel] = ++next;
            await copy.StartRowAsync();
            await copy.WriteAsync(Arrivals.Id(channel), NpgsqlDbType.Text);
            await copy.WriteAsync(heads[channel], NpgsqlDbType.Bigint);
            await copy.WriteAsync(FirstOfNewest(heads[channel]), NpgsqlDbType.Bigint);
        }

        await copy.CompleteAsync();
        return keys;
    }

    private static async Task CopyChunksAsync(NpgsqlConnection connection, Arrivals arrivals, long[] keys)
    {
        int[] serializers = [.. Enumerable.Repeat(StoredEvents.SerializerId, Length)];
        var (manifests, payloads) = (new string[Length], new byte[Length][]);
        await using var copy = await connection.BeginBinaryImportAsync(CopyChunks);
        foreach (var (round, channels) in arrivals.InOrder().Where(arrived => arrived.Round > Length && arrived.Round % Length == 1))
        {
            foreach (var channel in channels)
            {
                for (var i = 0; i < Length; i++)
                {
                    (manifests[i], payloads[i]) = Arrivals.Event(channel, round - Length + i);
                }

                await copy.StartRowAsync();
                await copy.WriteAsync(keys[channel], NpgsqlDbType.Bigint);
                await copy.WriteAsync(round - Length, NpgsqlDbType.Bigint);
                await copy.WriteAsync(serializers, NpgsqlDbType.Array | NpgsqlDbType.Integer);
                await copy.WriteAsync(manifests, NpgsqlDbType.Array | NpgsqlDbType.Text);
                await copy.WriteAsync(payloads, NpgsqlDbType.Array | NpgsqlDbType.Bytea);
            }
        }

        await copy.CompleteAsync();
    }

    // What lies below is in chunks.
    private static long FirstOfNewest(long head) => ((head - 1) / Length * Length) + 1;

    private static async Task CopyEventsAsync(NpgsqlConnection connection, Arrivals arrivals, long[] keys, long[] heads)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyEvents);
        foreach (var (round, channels) in arrivals.InOrder())
        {
            foreach (var channel in channels)
            {
                if (round >= FirstOfNewest(heads[channel]))
                {
                    await copy.WriteEventAsync(keys[channel], channel, round);
                }
            }
        }

        await copy.CompleteAsync();
    }

    /// <summary>Writes an event as a row of its own.</summary>
    public static async Task WriteEventAsync(this NpgsqlBinaryImporter copy, long key, int channel, long sequenceNr)
    {
        var (manifest, payload) = Arrivals.Event(channel, sequenceNr);
        await copy.StartRowAsync();
        await copy.WriteAsync(key, NpgsqlDbType.Bigint);
        await copy.WriteAsync(sequenceNr, NpgsqlDbType.Bigint);
        await copy.WriteAsync(StoredEvents.SerializerId, NpgsqlDbType.Integer);
        await copy.WriteAsync(manifest, NpgsqlDbType.Text);
        await copy.WriteAsync(payload, NpgsqlDbType.Bytea);
    }
}
