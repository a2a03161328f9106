namespace ChatAkka.Transfer.Files;

/// <summary>The names of an export's files, and how they are created: for their owner alone, since they hold what the database holds,
/// hashes of passwords and tokens included. The file of a table is named like the table.</summary>
internal static class ExportFiles
{
    /// <summary>The events of users' journals.</summary>
    public const string Users = "users";

    /// <summary>The events of channels' journals.</summary>
    public const string Timelines = "timelines";

    /// <summary>What each timeline comes to.</summary>
    public const string Channels = "channels";

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    /// <summary>Where the lines of a kind are.</summary>
    public static string Lines(string directory, string kind) => Path.Combine(directory, kind + ".jsonl");

    /// <summary>Makes the directory if it isn't there.</summary>
    /// <exception cref="TransferException">It has something in it.</exception>
    public static void CreateDirectory(string directory)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new TransferException($"The directory '{directory}' isn't empty: export into a new one.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnersDirectory);
        }
    }

    /// <summary>A new file, written without a buffer of its own.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }
}
