using System.Diagnostics;
using System.Reflection;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>The built server, of the same configuration as these tests.</summary>
internal static class ServerProgram
{
    public static string Path { get; } = Find();

    /// <summary>It was built with <c>AkkaRuntime=official</c>.</summary>
    public static bool IsOnAkkaNet => File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "Akka.Remote.dll"));

    /// <summary>Runs it until it ends by itself: how, and everything that it wrote.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string[] arguments, string workingDirectory)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        })!;
        Reaper.Add(process.Id);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Wait.ForAsync("the server ends", process.WaitForExitAsync());
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            process.Kill();
            Reaper.Remove(process.Id);
        }
    }

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
