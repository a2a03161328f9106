namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>A new empty directory that goes with its owner.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("chatakka-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
