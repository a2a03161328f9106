namespace Benchmarks.Server.Hosting;

/// <summary>A fresh directory for one server's data; disposing removes it.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("chatakka-bench-").FullName;

    /// <summary>Bytes of all files in it.</summary>
    public long Size => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
