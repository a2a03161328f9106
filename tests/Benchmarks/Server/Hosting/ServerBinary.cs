namespace Benchmarks.Server.Hosting;

/// <summary>Where the built server lies.</summary>
internal static class ServerBinary
{
    private const string Solution = "ChatAkka.sln";
    private const string Name = "ChatAkka.Server";

    /// <summary>The server's assembly as the build of this project left it.</summary>
    /// <exception cref="BenchmarkException">There is none.</exception>
    public static string Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, Solution)))
        {
            root = root.Parent;
        }

        if (root is null)
        {
            throw new BenchmarkException($"no directory above {AppContext.BaseDirectory} has {Solution}; name the server's assembly with --server");
        }

        var path = Path.Combine(root.FullName, "src", Name, "bin", "Release", $"net{Environment.Version.ToString(2)}", $"{Name}.dll");
        return File.Exists(path) ? path : throw new BenchmarkException($"{path} is missing: build the server with -c Release");
    }
}
