using System.Text;
using ChatAkka.Storage.Contents;

namespace ChatAkka.Storage.InMemory;

/// <summary>The order in which databases have text: by its bytes in UTF-8, which isn't that of its chars.</summary>
internal static class ByteOrder
{
    public static Comparer<string> Text { get; } = Comparer<string>.Create(
        (left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    /// <summary>The order of a table's rows: by the columns of its key, one after the other.</summary>
    public static Comparer<object?[]> Key(StoredTable table) => Comparer<object?[]>.Create(
        (left, right) => left.Zip(right, Compare).Take(table.KeyColumns).FirstOrDefault(order => order != 0));

    private static int Compare(object? left, object? right) =>
        left is string text ? Text.Compare(text, (string)right!) : ((long)left!).CompareTo((long)right!);
}
