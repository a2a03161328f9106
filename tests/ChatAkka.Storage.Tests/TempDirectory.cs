namespace ChatAkka.Storage.Tests;

/// <summary>A directory of one test's own; gone with the test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public TempDirectory() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"chatakka-storage-{Guid.NewGuid():N}");

    public string Database => System.IO.Path.Combine(Path, "chatakka.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
