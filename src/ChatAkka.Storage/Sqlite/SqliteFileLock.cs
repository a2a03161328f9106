namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// One process a database. The lock is the operating system's, on a file beside the database, so it ends with the process,
/// however that ends; the file itself stays and means nothing.
/// </summary>
internal sealed class SqliteFileLock : IDisposable
{
    private const int EagainLinux = 11;
    private const int EagainMac = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private SqliteFileLock(FileStream file) => _file = file;

    public static SqliteFileLock Acquire(string directory)
    {
        try
        {
            return new SqliteFileLock(new FileStream(
                Path.Combine(directory, "chatakka.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (e.HResult is EagainLinux or EagainMac or SharingViolationWindows)
        {
            throw new StorageOpenException(
                $"The database in '{Path.GetFullPath(directory)}' is in use by another process. Stop that one, or set Storage:DataDirectory to another directory.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageOpenException($"Storage:DataDirectory '{Path.GetFullPath(directory)}' can't be written to: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
