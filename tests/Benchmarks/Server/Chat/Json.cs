namespace Benchmarks.Server.Chat;

/// <summary>Looks single members up in the server's compact JSON without parsing the rest of it.</summary>
internal static class Json
{
    /// <summary>The string member that begins with <paramref name="key"/>, such as <c>"id":"</c>; empty if there is none.
    /// For members whose strings need no escapes.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> key)
    {
        var at = json.IndexOf(key);
        if (at < 0)
        {
            return default;
        }

        var value = json[(at + key.Length)..];
        var end = value.IndexOf((byte)'"');
        return end < 0 ? default : value[..end];
    }
}
