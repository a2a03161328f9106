using Akka.Actor;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Users;

/// <summary>Makes the actor of one user. Plainly, not by an expression that would have to be built and taken apart for every
/// user that wakes.</summary>
internal sealed class UserProducer(UserId id, UserServices services) : IIndirectActorProducer
{
    /// <inheritdoc/>
    public Type ActorType => typeof(UserActor);

    /// <inheritdoc/>
    public ActorBase Produce() => new UserActor(id, services);

    /// <inheritdoc/>
    public void Release(ActorBase actor)
    {
        // The actor holds nothing that outlives it.
    }
}
