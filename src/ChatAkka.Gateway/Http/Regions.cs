using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Actors;
using ChatAkka.Actors.Presence;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Users;

namespace ChatAkka.Gateway.Http;

/// <summary>The actors behind the API, asked with a time-out; without an answer in time they throw
/// <see cref="AskTimeoutException"/>.</summary>
internal sealed class Regions(
    IRequiredActor<ChannelRegion> channels, IRequiredActor<UserRegion> users, IRequiredActor<PresenceBoard> presence)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public IActorRef Users => users.ActorRef;

    public IActorRef Presence => presence.ActorRef;

    public Task<ChannelReply> AskAsync(ChannelCommand command) => AskChannelAsync<ChannelReply>(command);

    public Task<T> AskChannelAsync<T>(IChannelMessage message) => channels.ActorRef.Ask<T>(message, Timeout);

    public Task<object> AskUserAsync(IUserMessage message) => users.ActorRef.Ask<object>(message, Timeout);
}
