namespace ChatAkka.Storage.Tests.Sqlite;

/// <summary>A file that can't be written to until disposed of: by its permissions, or, since root ignores these, by the immutable
/// attribute. Where neither works the test is skipped, and says so.</summary>
internal sealed class ReadOnlyFile : IDisposable
{
    private readonly string _path;
    private readonly bool _immutable;
    private bool _disposed;

    private ReadOnlyFile(string path, bool immutable) => (_path, _immutable) = (path, immutable);

    public static ReadOnlyFile Protect(string path)
    {
        if (Environment.UserName != "root")
        {
            File.SetAttributes(path, FileAttributes.ReadOnly);
            return new ReadOnlyFile(path, immutable: false);
        }

        Skip.IfNot(SmallDisk.Run("chattr", "+i", path), "Running as root on a file system without chattr +i: no file is read-only; it is only simulated by query_only.");
        return new ReadOnlyFile(path, immutable: true);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_immutable)
        {
            SmallDisk.Run("chattr", "-i", _path).ShouldBeTrue();
        }
        else
        {
            File.SetAttributes(_path, FileAttributes.Normal);
        }
    }
}
