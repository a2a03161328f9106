using System.Text;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>Events for tests.</summary>
internal static class Rows
{
    public static JournalRow Row(string persistenceId, long sequenceNr, string text = "an event") =>
        new(persistenceId, sequenceNr, 20, "mp", Encoding.UTF8.GetBytes($"{text} {sequenceNr}"));

    public static JournalRow[] Range(string persistenceId, long from, long to, string text = "an event") =>
        [.. Enumerable.Range(0, (int)(to - from + 1)).Select(i => Row(persistenceId, from + i, text))];

    public static string Text(this JournalRow row) => Encoding.UTF8.GetString(row.Payload);

    public static Task AppendAsync(this IEventStore store, params JournalRow[] rows) => store.AppendAsync(rows, CancellationToken.None);

    public static async Task<List<JournalRow>> ReadAsync(
        this IEventStore store, string persistenceId, long from = 1, long to = long.MaxValue, long limit = long.MaxValue, bool backward = false)
    {
        List<JournalRow> rows = [];
        await store.ReadAsync(persistenceId, from, to, limit, backward, rows.Add, CancellationToken.None);
        return rows;
    }

    public static async Task<long[]> NumbersAsync(
        this IEventStore store, string persistenceId, long from = 1, long to = long.MaxValue, long limit = long.MaxValue, bool backward = false) =>
        [.. (await store.ReadAsync(persistenceId, from, to, limit, backward)).Select(row => row.SequenceNr)];

    public static Task<long> HighestAsync(this IEventStore store, string persistenceId) =>
        store.HighestAsync(persistenceId, CancellationToken.None);

    public static Task DeleteToAsync(this IEventStore store, string persistenceId, long to) =>
        store.DeleteToAsync(persistenceId, to, CancellationToken.None);
}
