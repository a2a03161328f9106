using System.Diagnostics;
using System.Text.Json;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>This assembly, started as a process of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    public ChildProcess(string verb, StorageOptions options, bool isShared = false) => _process = Process.Start(
        new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(ChildProgram).Assembly.Location, verb, JsonSerializer.Serialize(options), $"{isShared}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>SIGKILL: nothing is flushed, closed or said.</summary>
    public void Kill() => _process.Kill();

    public async Task<(int Code, string Error)> ExitedAsync()
    {
        var error = await _process.StandardError.ReadToEndAsync();
        await _process.WaitForExitAsync().Within("the child process to exit");
        return (_process.ExitCode, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
