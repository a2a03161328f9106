using ChatAkka.Gateway;
using ChatAkka.Storage;

namespace ChatAkka.Server;

/// <summary>A node is ready when it has started, isn't stopping, and its store commits.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, Func<StorageHealth> storeHealth) : IReadiness
{
    public string? NotReadyReason => storeHealth() switch
    {
        _ when !lifetime.ApplicationStarted.IsCancellationRequested => "The node is starting.",
        _ when lifetime.ApplicationStopping.IsCancellationRequested => "The node is stopping.",
        { State: StorageState.Unavailable } health => health.Sentence,
        _ => null,
    };
}
