using System.Globalization;
using Akka.Cluster.Sharding;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Discovery;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors;

/// <summary>
/// Routes to a channel by its id. A direct channel is in the shard of the same number as one of its users, and so at the same node
/// (<see cref="PlannedShards"/>).
/// </summary>
public sealed class ChannelExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    private readonly string[] _names = ShardNames.Of(shards);

    public override string EntityId(object message) => (message as IChannelMessage)?.Channel.Value!;

    public override string ShardId(string entityId, object? messageHint = null)
    {
        var dash = entityId.IndexOf('-');
        return _names[ShardPlan.ShardOf(dash < 0 ? entityId : entityId.AsSpan(0, dash), _names.Length)];
    }
}

/// <summary>Routes to a user by its id.</summary>
public sealed class UserExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    private readonly string[] _names = ShardNames.Of(shards);

    /// <summary>The number of a user's shard.</summary>
    public static int ShardOf(UserId user, int shards) => ShardPlan.ShardOf(user.Value, shards);

    public override string EntityId(object message) => (message as IUserMessage)?.User.Value!;

    public override string ShardId(string entityId, object? messageHint = null) => _names[ShardPlan.ShardOf(entityId, _names.Length)];
}

internal static class ShardNames
{
    // Asked for with every message: made once.
    public static string[] Of(int shards) => [.. Enumerable.Range(0, shards).Select(shard => shard.ToString(CultureInfo.InvariantCulture))];
}
