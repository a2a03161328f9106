using Microsoft.Extensions.Hosting;

namespace ChatAkka.Server.Tests.Support;

/// <summary>A host's lifetime that a test walks through.</summary>
internal sealed class FakeLifetime : IHostApplicationLifetime
{
    private readonly CancellationTokenSource _started = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken ApplicationStarted => _started.Token;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => _stopped.Token;

    /// <summary>Ends when somebody asks the host to stop.</summary>
    public Task StopAsked => _stopAsked.Task;

    public void Start() => _started.Cancel();

    public void StopApplication()
    {
        _stopping.Cancel();
        _stopAsked.TrySetResult();
    }
}
