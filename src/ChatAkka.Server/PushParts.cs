using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Push;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Push;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Server;

/// <summary>What a node that pushes has besides. A class of its own: whoever names the sender's assembly loads it.</summary>
internal static class PushParts
{
    /// <param name="wereOnline">Users who were online when the last run ended.</param>
    public static void Add(IServiceCollection services, PushOptions options, ChatStores stores, IReadOnlyList<UserId> wereOnline, TimeSpan onlineFor)
    {
        services
            .AddSingleton((AnnouncedOutbox)stores.Pushes!)
            .AddSingleton<IPushFacts>(provider => new PushFactsReader(stores, provider.GetRequiredService<IRequiredActor<ChannelRegion>>()))
            .AddHostedService(provider => new PushRecovery(
                stores.Deliveries!,
                wereOnline,
                onlineFor,
                provider.GetRequiredService<IRequiredActor<ChannelRegion>>(),
                provider.GetRequiredService<IRequiredActor<UserRegion>>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PushRecovery>>()))
            .AddChatPush(options);
    }
}
