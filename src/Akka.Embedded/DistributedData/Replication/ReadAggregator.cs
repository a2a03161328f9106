using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// Reads from other nodes until enough of them have answered, or the time is over: from as many as are needed first, and from the others too if
/// those keep it waiting. What they have is merged into this node's copy before the answer.
/// </summary>
/// <param name="get">What was asked.</param>
/// <param name="primary">The nodes that are asked at once.</param>
/// <param name="secondary">Those that are asked if need be.</param>
/// <param name="needed">How many must answer.</param>
/// <param name="client">Who is answered.</param>
internal sealed class ReadAggregator(
    Get get, IReadOnlyList<Destination> primary, IReadOnlyList<Destination> secondary, int needed, IActorRef client)
    : ActorBase, IWithTimers
{
    private const int PrimaryShare = 5;

    private readonly HashSet<UniqueAddress> _answered = [];

    // Values that have been handed to the replicator and have not come back.
    private int _merging;
    private DataEnvelope? _merged;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(TimedOut.Instance, TimedOut.Instance, get.Consistency.Timeout);
        Timers.StartSingleTimer(AskOthers.Instance, AskOthers.Instance, get.Consistency.Timeout / PrimaryShare);
        foreach (var destination in primary)
            destination.Replicator.Tell(destination.Message, Self);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ReadResult result when _answered.Count < needed && _answered.Add(result.From):
                // Also without a value: what this node has is not older than what it had when it was asked.
                _merging++;
                Context.Parent.Tell(new ReadRepair(get.Key.Id, result.Envelope), Self);
                return true;
            case ReadRepaired repaired:
                _merging--;
                _merged = repaired.Envelope;
                if (_answered.Count >= needed && _merging == 0)
                    Answer(Answers.Of(get, _merged));
                return true;
            case ReadResult:
                return true;
            case AskOthers:
                foreach (var destination in secondary)
                    destination.Replicator.Tell(destination.Message, Self);
                return true;
            case TimedOut:
                Answer(new GetFailure(get.Key, get.Request));
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

/// <summary>What is said of a copy.</summary>
internal static class Answers
{
    public static object Of(Get get, DataEnvelope? envelope) => envelope switch
    {
        null => new NotFound(get.Key, get.Request),
        { IsDeleted: true } => new DataDeleted(get.Key, get.Request),
        _ => new GetSuccess(get.Key, get.Request, envelope.Data),
    };
}
