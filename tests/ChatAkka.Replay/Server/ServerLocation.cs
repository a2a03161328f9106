using ChatAkka.Replay.Data;

namespace ChatAkka.Replay.Server;

/// <summary>Finds the built server of this repository.</summary>
internal static class ServerLocation
{
    private const string Solution = "ChatAkka.sln";
    private const string Project = "ChatAkka.Server";

    /// <param name="given">What <c>--server</c> said, or null.</param>
    /// <returns>Full path of the server's dll (or of an executable).</returns>
    /// <exception cref="MissingDataException">It isn't there.</exception>
    public static string Find(string? given)
    {
        if (given is not null)
        {
            return File.Exists(given)
                ? Path.GetFullPath(given)
                : throw new MissingDataException($"no server at '{Path.GetFullPath(given)}': give the path of {Project}.dll with --server");
        }

        // .../tests/<this or its tests>/bin/<configuration>/<framework>/: the server was built the same way.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = output;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, Solution)))
        {
            root = root.Parent;
        }

        if (root is null)
        {
            throw new MissingDataException($"'{output.FullName}' isn't inside a checkout of the repository: give the path of {Project}.dll with --server");
        }

        var path = Path.Combine(root.FullName, "src", Project, "bin", output.Parent!.Name, output.Name, $"{Project}.dll");
        return File.Exists(path)
            ? path
            : throw new MissingDataException($"no server at '{path}': build {Solution}, or give the path of {Project}.dll with --server");
    }
}
