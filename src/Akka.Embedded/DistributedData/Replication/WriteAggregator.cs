using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>What is written to which node, and how.</summary>
/// <param name="Node">The node.</param>
/// <param name="Replicator">Its replicator.</param>
/// <param name="Message">The change, or the whole value.</param>
internal sealed record Destination(UniqueAddress Node, IActorRef Replicator, object Message);

/// <summary>
/// Writes to other nodes until enough of them have confirmed it, or the time is over: to as many as are needed first, and to the others too if
/// those keep it waiting.
/// </summary>
/// <param name="primary">The nodes that get it at once.</param>
/// <param name="secondary">Those that get it if need be.</param>
/// <param name="needed">How many must confirm it.</param>
/// <param name="full">The whole value, for who can't make use of the change.</param>
/// <param name="timeout">How long to wait.</param>
/// <param name="client">Who is answered.</param>
/// <param name="success">The answer when enough have confirmed.</param>
/// <param name="failure">The answer when they have not.</param>
internal sealed class WriteAggregator(
    IReadOnlyList<Destination> primary,
    IReadOnlyList<Destination> secondary,
    int needed,
    Write full,
    TimeSpan timeout,
    IActorRef client,
    object success,
    object failure)
    : ActorBase, IWithTimers
{
    // The others are asked when a fifth of the time is over.
    private const int PrimaryShare = 5;

    private readonly HashSet<UniqueAddress> _confirmed = [];

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(TimedOut.Instance, TimedOut.Instance, timeout);
        Timers.StartSingleTimer(AskOthers.Instance, AskOthers.Instance, timeout / PrimaryShare);
        foreach (var destination in primary)
            destination.Replicator.Tell(destination.Message, Self);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteAck ack:
                _confirmed.Add(ack.From);
                if (_confirmed.Count >= needed)
                    Answer(success);
                return true;
            case DeltaNack nack:
                if (primary.Concat(secondary).FirstOrDefault(d => d.Node.Equals(nack.From)) is { } lagging)
                    lagging.Replicator.Tell(full, Self);
                return true;
            case WriteNack:
                return true;
            case AskOthers:
                foreach (var destination in secondary.Concat(primary.Where(d => !_confirmed.Contains(d.Node))))
                    destination.Replicator.Tell(full, Self);
                return true;
            case TimedOut:
                Answer(failure);
                return true;
            default:
                return false;
        }
    }

    private void Answer(object answer)
    {
        client.Tell(answer, Context.Parent);
        Context.Stop(Self);
    }

    private sealed class TimedOut
    {
        public static readonly TimedOut Instance = new();
    }

    private sealed class AskOthers
    {
        public static readonly AskOthers Instance = new();
    }
}
