namespace ChatAkka.Storage.Sqlite;

/// <summary>
/// One process a database. The lock is the operating system's, on a file beside the database, so it ends with the process,
/// however that ends; the file itself stays and means nothing.
/// </summary>
internal sealed class SqliteFileLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteFileLock(FileStream file) => _file = file;

    public static SqliteFileLock Acquire(string directory)
    {
        try
        {
            return new SqliteFileLock(new FileStream(
                Path.Combine(directory, "chatakka.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e)
        {
            throw new StorageOpenException(
                $"The database in '{Path.GetFullPath(directory)}' is in use by another process. Stop that one, or set Storage:DataDirectory to another directory.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageOpenException($"Storage:DataDirectory '{Path.GetFullPath(directory)}' can't be written to.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
