using System.Security.Cryptography;
using ChatAkka.Domain.Push;
using ChatAkka.Push.Dispatching;
using ChatAkka.Push.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Push;

/// <summary>How the composition root puts push notifications in place.</summary>
public static class PushBuilderExtensions
{
    /// <summary>
    /// Adds the dispatcher and the webhook, or nothing if push is off: a process without a webhook loads no HTTP client. The root adds the
    /// rest: <see cref="AnnouncedOutbox"/> (the same that pushes are put into), <see cref="IPushQueue"/> (this node's),
    /// <see cref="IPushFacts"/>, <c>TimeProvider</c>.
    /// </summary>
    /// <remarks>
    /// To be called after what <see cref="IPushFacts"/> needs was added: hosted services stop in the reverse order. And from a method of
    /// its own that runs only if push is on: a method that names this one loads this assembly before it begins.
    /// </remarks>
    public static IServiceCollection AddChatPush(this IServiceCollection services, PushOptions options)
    {
        if (!options.IsEnabled)
        {
            return services;
        }

        services.AddSingleton<IPushSender>(provider => new WebhookPushSender(options, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new PushDispatcher(
            provider.GetRequiredService<AnnouncedOutbox>(),
            provider.GetRequiredService<IPushQueue>(),
            new PushComposer(provider.GetRequiredService<IPushFacts>(), options),
            provider.GetRequiredService<IPushSender>(),
            options,
            new Backoff(options, new Random(RandomNumberGenerator.GetInt32(int.MaxValue))),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PushDispatcher>>()));
        return services;
    }
}
