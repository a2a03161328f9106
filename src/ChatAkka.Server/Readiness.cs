using ChatAkka.Gateway;
using ChatAkka.Storage;

namespace ChatAkka.Server;

/// <summary>A node is ready when it has started, is a member of its cluster if it has one, isn't stopping, and its store commits.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, Func<StorageHealth> storeHealth, Func<bool> isMember) : IReadiness
{
    public string? NotReadyReason => storeHealth() switch
    {
        _ when !lifetime.ApplicationStarted.IsCancellationRequested => "The node is starting.",
        _ when lifetime.ApplicationStopping.IsCancellationRequested => "The node is stopping.",
        _ when !isMember() => "The cluster hasn't taken the node in yet.",
        { State: StorageState.Unavailable } health => health.Sentence,
        _ => null,
    };
}
