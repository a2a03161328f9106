using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Where a shard lives, as one region sees it: on this node (<see cref="LocalShard"/>), on another one (<see cref="RemoteShard"/>), or
/// somewhere that is not known yet (<see cref="PendingShard"/>). Senders bring their messages here on their own threads, while the
/// region's actor moves shards from one home to another.
/// </summary>
/// <remarks>
/// Invariants, on which order and completeness rest:
/// <list type="number">
/// <item>A message is taken by exactly one home: the one whose <see cref="TryDeliver"/> returned true. A sender that is refused looks
/// the shard's home up again, still within its own <c>Tell</c>.</item>
/// <item>A home that has refused one message of an entity takes none for it ever again. It refuses only after the region's table has
/// forgotten it, so that looking up again finds another one: the search ends.</item>
/// <item>Only the region's actor replaces homes and takes them out. Senders merely add a <see cref="PendingShard"/> where there is no
/// home. So one shard's homes follow each other, and no two changes of the table contradict each other.</item>
/// <item>What a pending shard holds is with its successor before the successor can be found: a later message can't pass it.</item>
/// <item>What a local shard took before it was handed off is handled by its entities before they stop, and its last entity has
/// stopped before the shard is told to be free: the next home's entity starts behind it.</item>
/// <item>What was sent to another node's region has been taken there before that region is told to hand the shard off: the
/// acknowledgement of <see cref="BeginHandOff"/> goes the way of the messages, behind the last sender (<see cref="RemoteShard"/>).</item>
/// </list>
/// Hence what one sender tells one entity arrives in its order, and once, as long as no node dies, no link breaks and no time-out
/// passes; if one does, messages may be lost but are not doubled.
/// <para>Locks are taken in the order pending shard, region's table, local shard, entity.</para>
/// </remarks>
internal abstract class ShardHome
{
    /// <summary>
    /// Takes a message, on the sender's thread. False if this is not the shard's home any more.
    /// </summary>
    public abstract bool TryDeliver(in ShardMessage message);
}

/// <summary>A message to an entity, on its way through a region.</summary>
/// <param name="EntityId">The entity.</param>
/// <param name="Content">What the entity receives.</param>
/// <param name="Original">What another region is sent, so that it can find the entity itself.</param>
/// <param name="Sender">Whom the entity sees as its sender.</param>
internal readonly record struct ShardMessage(string EntityId, object Content, object Original, IActorRef? Sender);

/// <summary>The home of all shards of a region that has stopped: its messages are dead letters.</summary>
internal sealed class NoHome(ShardRegion region) : ShardHome
{
    public override bool TryDeliver(in ShardMessage message)
    {
        region.DeadLetter(message.Content, message.Sender);
        return true;
    }
}
