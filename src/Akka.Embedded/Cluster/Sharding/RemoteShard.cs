using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>A shard that another node's region runs: messages are sent there as they are.</summary>
/// <remarks>
/// Senders are counted while they send, so that the last one can be told from the others when the shard leaves its home: only behind
/// its message may the acknowledgement go that none will follow.
/// </remarks>
internal sealed class RemoteShard(ShardRegion region, string id, IActorRef owner) : ShardHome
{
    /// <summary>How often a message is sent on by regions that each take another one for the home.</summary>
    public const int MaxHops = 4;

    private const int Closed = int.MinValue;

    // Those that are sending; negative once the home is closed.
    private int _senders;
    private Action? _whenQuiet;

    public IActorRef Owner => owner;

    public override bool TryDeliver(in ShardMessage message)
    {
        if (Interlocked.Increment(ref _senders) < 0)
        {
            Leave();
            return false;
        }

        try
        {
            if (message.Original is Forwarded { Hops: > MaxHops })
                region.LostItsWay(id, this, message);
            else
                owner.Tell(message.Original, message.Sender);
        }
        finally
        {
            Leave();
        }

        return true;
    }

    /// <summary>Takes no more messages. The region's table has forgotten it before.</summary>
    /// <param name="whenQuiet">Runs once the last sender is done, on its thread or on this one.</param>
    public void Close(Action? whenQuiet)
    {
        Volatile.Write(ref _whenQuiet, whenQuiet);
        if (Interlocked.Or(ref _senders, Closed) == 0)
            Quiet();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _senders) == Closed)
            Quiet();
    }

    private void Quiet() => Interlocked.Exchange(ref _whenQuiet, null)?.Invoke();
}
