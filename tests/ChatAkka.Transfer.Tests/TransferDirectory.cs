using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Tests;

/// <summary>A directory of one test's own, with a place for an export; gone with the test.</summary>
internal sealed class TransferDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("chatakka-transfer-").FullName;

    /// <summary>Where to export to; it isn't there yet.</summary>
    public string Export => At("export");

    public string At(string name) => Path.Combine(_path, name);

    /// <summary>The lines of one of the export's files.</summary>
    public string[] Read(string kind) => File.ReadAllText(ExportFiles.Lines(Export, kind)).TrimEnd('\n').Split('\n');

    /// <summary>Puts other lines in their place.</summary>
    public void Write(string kind, params IEnumerable<string> lines) =>
        File.WriteAllText(ExportFiles.Lines(Export, kind), string.Concat(lines.Select(line => line + "\n")));

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
