namespace ChatAkka.Server.Tests.Support;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Where the solution lies.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder, named from the root with '/'.</summary>
    public static string At(string path) => Path.Combine([Root, .. path.Split('/')]);

    /// <summary>All sources of the product, without what the build generates; relative to <c>src</c>, with '/'.</summary>
    public static IReadOnlyList<string> Sources() =>
    [
        .. Directory.EnumerateFiles(At("src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(At("src"), file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(folder => folder is "obj" or "bin"))
            .Order(StringComparer.Ordinal),
    ];

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ChatAkka.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"no ChatAkka.sln above {AppContext.BaseDirectory}");
        }

        return directory.FullName;
    }
}
