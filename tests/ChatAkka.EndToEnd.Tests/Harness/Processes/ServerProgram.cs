using System.Reflection;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>The built server, of the same configuration as these tests.</summary>
internal static class ServerProgram
{
    public static string Path { get; } = Find();

    /// <summary>It was built with <c>AkkaRuntime=official</c>.</summary>
    public static bool IsOnAkkaNet => File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "Akka.Remote.dll"));

    private static string Find()
    {
        var configuration = typeof(ServerProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "ChatAkka.sln")))
            {
                var built = System.IO.Path.Combine(directory.FullName, "src", "ChatAkka.Server", "bin", configuration, "net10.0");
                var program = System.IO.Path.Combine(built, "ChatAkka.Server.dll");
                return File.Exists(program) ? program : throw new FileNotFoundException("The server isn't built.", program);
            }
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} isn't inside the repository.");
    }
}
