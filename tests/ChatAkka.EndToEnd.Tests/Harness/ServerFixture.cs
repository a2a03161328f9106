using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness;

/// <summary>One server for the tests of a class.</summary>
public class ServerFixture : IAsyncLifetime
{
    private ServerProcess? _server;

    internal ServerProcess Server => _server ?? throw new InvalidOperationException("the server isn't started yet");

    private protected virtual ServerSettings Settings => ServerSettings.Unlimited;

    public async Task InitializeAsync() => _server = await ServerProcess.StartAsync(Settings);

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
