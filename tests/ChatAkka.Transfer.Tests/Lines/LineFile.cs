using ChatAkka.Protocol.Codec;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Tests.Lines;

/// <summary>One line, written to a file and read from it.</summary>
internal static class LineFile
{
    private const string Kind = "lines";

    /// <summary>What reading makes of what writing has written, and the line between the two.</summary>
    public static async Task<(T Value, string Line)> ThroughAsync<T>(Action<FrameWriter> write, Func<LineFields, T> read)
    {
        using var directory = new TransferDirectory();
        Directory.CreateDirectory(directory.Export);
        using (var writer = new LineWriter(directory.Export, Kind))
        {
            write(writer.Start());
            writer.End();
            writer.Complete();
        }

        return (await ReadAsync(directory, read), directory.Read(Kind).ShouldHaveSingleItem());
    }

    /// <summary>What reading makes of a line that a person has written.</summary>
    public static async Task<T> ReadAsync<T>(string line, Func<LineFields, T> read)
    {
        using var directory = new TransferDirectory();
        Directory.CreateDirectory(directory.Export);
        directory.Write(Kind, line);
        return await ReadAsync(directory, read);
    }

    private static async Task<T> ReadAsync<T>(TransferDirectory directory, Func<LineFields, T> read)
    {
        using var reader = new LineReader(directory.Export, Kind);
        var fields = (await reader.NextAsync(CancellationToken.None)).ShouldNotBeNull();
        var value = read(fields);
        fields.End();
        (await reader.NextAsync(CancellationToken.None)).ShouldBeNull();
        return value;
    }
}
