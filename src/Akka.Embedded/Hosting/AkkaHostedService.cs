using Akka.Actor;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Ties the actor system's life to the host's, and the host's to the system's.</summary>
internal sealed partial class AkkaHostedService(
    AkkaConfigurationBuilder configuration,
    IServiceProvider services,
    ActorSystem system,
    ILogger<AkkaHostedService> logger,
    IHostApplicationLifetime? lifetime = null) : IHostedService
{
    private Task _end = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await configuration.StartAsync(services).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogStartFailed(logger, e, system.Name);
            throw;
        }

        _end = StopHostWithSystem();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        await _end.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // A host without its actors serves nobody: let whoever watches the process start it again.
    private async Task StopHostWithSystem()
    {
        await system.WhenTerminated.ConfigureAwait(false);
        lifetime?.StopApplication();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Actor system {Name} could not be started")]
    private static partial void LogStartFailed(ILogger logger, Exception cause, string name);
}
