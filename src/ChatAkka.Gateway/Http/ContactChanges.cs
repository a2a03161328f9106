using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Http;

/// <summary>
/// Tells the actors of changed contacts: the direct channel of the two, which must have heard before the caller does, and both users.
/// </summary>
internal sealed class ContactChanges(Regions regions) : IContactObserver
{
    public async Task ChangedAsync(UserId a, UserId b)
    {
        await regions.AskChannelAsync<BlocksForgotten>(new ForgetBlocks(ChannelId.Direct(a, b)));
        regions.Users.Tell(new ContactsChanged(a), ActorRefs.NoSender);
        regions.Users.Tell(new ContactsChanged(b), ActorRefs.NoSender);
    }
}
