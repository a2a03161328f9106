using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Push;
using ChatAkka.Domain.Push;
using ChatAkka.Push;
using ChatAkka.Server.Recovery;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ChatAkka.Server;

/// <summary>What a node that pushes has besides. A class of its own: whoever names the sender's assembly loads it.</summary>
internal static class PushParts
{
    public static void Add(IServiceCollection services, PushOptions options, ChatStores stores, ChatStore store, NodeLease node)
    {
        services
            .AddSingleton((AnnouncedOutbox)stores.Pushes!)
            .AddSingleton(store.PushesOf(node))
            .AddSingleton(store.Reviews)
            .AddSingleton<IPushFacts>(provider => new PushFactsReader(stores, provider.GetRequiredService<IRequiredActor<ChannelRegion>>()))
            .AddHostedService<AbsenceReviewer>()
            .AddChatPush(options);
    }
}
