using Akka.Actor;
using Akka.Hosting;

namespace ChatAkka.Server.Tests.Support;

/// <summary>An actor of a test in place of a shard region.</summary>
internal sealed class Region<T>(IActorRef actor) : IRequiredActor<T>
{
    public IActorRef ActorRef => actor;

    public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(actor);
}
