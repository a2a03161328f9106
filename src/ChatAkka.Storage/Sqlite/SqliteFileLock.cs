namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// One process a database, or several that know of sharing it. The lock is the operating system's, on a file beside the database, so it ends
/// with the process, however that ends; the file itself stays and means nothing.
/// </summary>
internal sealed class SqliteFileLock : IDisposable
{
    private const int EagainLinux = 11;
    private const int EagainMac = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private SqliteFileLock(FileStream file) => _file = file;

    /// <summary>Nobody else has the database open.</summary>
    /// <exception cref="StorageOpenException">Somebody has, or the directory can't be written to.</exception>
    public static SqliteFileLock Acquire(string directory) =>
        Open(directory, FileAccess.ReadWrite, FileShare.None, "is in use by another process");

    /// <summary>Only those who share it have the database open.</summary>
    /// <exception cref="StorageOpenException">Somebody has it to themselves, or the directory can't be written to.</exception>
    public static SqliteFileLock Share(string directory) => Open(
        directory, FileAccess.Read, FileShare.Read, "is in use by another process, which is no node of a cluster and has it to itself");

    public void Dispose() => _file.Dispose();

    private static SqliteFileLock Open(string directory, FileAccess access, FileShare share, string refusal)
    {
        try
        {
            return new SqliteFileLock(new FileStream(
                Path.Combine(directory, "chatakka.lock"), FileMode.OpenOrCreate, access, share, bufferSize: 0));
        }
        catch (IOException e) when (e.HResult is EagainLinux or EagainMac or SharingViolationWindows)
        {
            throw new StorageOpenException(
                $"The database in '{Path.GetFullPath(directory)}' {refusal}. "
                + "Stop that one, or set Storage:DataDirectory to another directory.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageOpenException($"Storage:DataDirectory '{Path.GetFullPath(directory)}' can't be written to: {e.Message}", e);
        }
    }
}
