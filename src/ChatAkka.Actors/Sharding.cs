using Akka.Cluster.Sharding;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors;

/// <summary>Routes to a channel by its id.</summary>
public sealed class ChannelExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    public override string EntityId(object message) => (message as IChannelMessage)?.Channel.Value!;
}

/// <summary>Routes to a user by its id.</summary>
public sealed class UserExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    public override string EntityId(object message) => (message as IUserMessage)?.User.Value!;
}
