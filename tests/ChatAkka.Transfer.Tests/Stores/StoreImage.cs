using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Transfer.Tests.Stores;

/// <summary>Everything that is in a store, byte for byte, as text that a test compares.</summary>
internal static class StoreImage
{
    public static async Task<string> OfAsync(ChatStore store)
    {
        List<string> image = [];
        foreach (var table in StoredTable.All)
        {
            image.Add($"# {table.Name}");
            image.AddRange((await store.Contents.ReadAsync(table)).Select(row => string.Join(" | ", row.Select(Text))));
        }

        await foreach (var id in store.Contents.PersistenceIdsAsync(CancellationToken.None))
        {
            image.Add($"# {id}");
            await store.Journal.ReadAsync(id, 1, long.MaxValue, long.MaxValue, backward: false, row => image.Add(Text(row)), CancellationToken.None);
            var annotations = await store.Journal.AnnotationsAsync(id, 1, long.MaxValue, CancellationToken.None);
            image.AddRange(annotations.Select(row => $"counts: {Text(row)}").Order(StringComparer.Ordinal));
        }

        return string.Join('\n', image);
    }

    private static string Text(JournalRow row) => $"{row.SequenceNr} {row.SerializerId} {row.Manifest} {Convert.ToHexString(row.Payload)}";

    private static string Text(object? value) => value is byte[] bytes ? $"0x{Convert.ToHexString(bytes)}" : $"{value ?? "NULL"}";
}
