using ChatAkka.Domain.Push;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatAkka.Push.Tests;

public sealed class PushBuilderExtensionsTests
{
    [Fact]
    public void Without_a_webhook_nothing_is_added() => new ServiceCollection().AddChatPush(new PushOptions()).ShouldBeEmpty();

    [Fact]
    public void Webhook_is_made_only_when_the_dispatcher_is()
    {
        var webhook = new WebhookOptions { Url = "http://here", Secret = Convert.ToBase64String(new byte[32]) };
        var services = new ServiceCollection().AddChatPush(new PushOptions { Webhook = webhook });

        services.Select(service => service.ServiceType).ShouldBe([typeof(IPushSender), typeof(IHostedService)], ignoreOrder: true);
        services.ShouldAllBe(service => service.ImplementationFactory != null && service.ImplementationInstance == null);
    }
}
