using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace Akka.Embedded.Tests.Internals.Sharding.Simulated;

/// <summary>What has been sent, what has come, what was answered, and which incarnations of entities there are, on all nodes together.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, List<(LedgerEntity Entity, ShardedNode Node)>> _alive = [];
    private readonly Dictionary<string, TimeSpan> _overlapSince = [];
    private readonly Dictionary<string, ShardedNode> _open = [];

    public int Sent { get; private set; }

    public int Incarnations { get; private set; }

    /// <summary>Not answered yet, of clients whose nodes are alive.</summary>
    public int Open => _open.Count;

    /// <summary>By client and entity, in the order of their coming.</summary>
    public Dictionary<(string Client, string Entity), List<int>> Received { get; } = [];

    /// <summary>How long there was more than one incarnation of an entity, each time.</summary>
    public List<(string Entity, TimeSpan Duration)> Overlaps { get; } = [];

    /// <summary>What was logged as an error.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>What was logged, on all nodes.</summary>
    public List<string> Log { get; } = [];

    public bool AnyOverlap => _overlapSince.Count > 0;

    public void Started(LedgerEntity entity, ShardedNode node, TimeSpan now)
    {
        Incarnations++;
        if (!_alive.TryGetValue(entity.Id, out var incarnations))
            _alive.Add(entity.Id, incarnations = []);
        incarnations.Add((entity, node));
        if (incarnations.Count > 1)
            _overlapSince.TryAdd(entity.Id, now);
    }

    public void Stopped(LedgerEntity entity, TimeSpan now)
    {
        if (_alive.TryGetValue(entity.Id, out var incarnations) && incarnations.RemoveAll(i => i.Entity == entity) > 0)
            Fewer(entity.Id, incarnations.Count, now);
    }

    public void NodeDied(ShardedNode node, TimeSpan now)
    {
        foreach (var (id, incarnations) in _alive)
        {
            if (incarnations.RemoveAll(i => i.Node == node) > 0)
                Fewer(id, incarnations.Count, now);
        }

        foreach (var (key, client) in _open.ToList())
        {
            if (client == node)
                _open.Remove(key);
        }
    }

    public void Opened(string key, ShardedNode client)
    {
        Sent++;
        _open.Add(key, client);
    }

    /// <summary>False if it has been answered before.</summary>
    public bool Answered(string key) => _open.Remove(key);

    private void Fewer(string id, int rest, TimeSpan now)
    {
        if (rest < 2 && _overlapSince.Remove(id, out var since))
            Overlaps.Add((id, now - since));
    }
}

/// <summary>Answers every message with itself, and writes down that it has come. Takes its time to stop.</summary>
internal sealed class LedgerEntity(string id, ShardedNode node, ShardedCluster cluster) : UntypedActor, IWithTimers
{
    /// <summary>Asks it to stop.</summary>
    public const string Leave = "leave";

    public string Id => id;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => cluster.Ledger.Started(this, node, cluster.Now);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Leave:
                Timers.StartSingleTimer("gone", "gone", TimeSpan.FromMilliseconds(cluster.Random.Next(300)));
                return;
            case "gone":
                Context.Stop(Self);
                return;
        }

        // client:number
        var text = (string)message;
        var colon = text.IndexOf(':');
        var key = (text[..colon], id);
        if (!cluster.Ledger.Received.TryGetValue(key, out var numbers))
            cluster.Ledger.Received.Add(key, numbers = []);
        numbers.Add(int.Parse(text.AsSpan(colon + 1)));
        Sender.Tell($"{id}/{text}");
    }

    protected override void PostStop() => cluster.Ledger.Stopped(this, cluster.Now);
}

/// <summary>Sends to entities drawn at random, and repeats what isn't answered if it is told so.</summary>
internal sealed class Client : UntypedActor, IWithTimers
{
    /// <summary>Sends no more, but goes on repeating.</summary>
    public const string Stop = "stop";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ShardedNode _node;
    private readonly ShardedCluster _cluster;
    private readonly string _name;
    private readonly Dictionary<string, (ShardingEnvelope Envelope, TimeSpan Sent)> _pending = [];
    private int _number;
    private bool _repeats;

    public Client(ShardedNode node, ShardedCluster cluster)
    {
        (_node, _cluster) = (node, cluster);
        _name = $"{node.Host}{cluster.Now.Ticks}";
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Start start:
                _repeats = start.Repeats;
                Timers.StartPeriodicTimer("send", "send", start.Interval);
                Timers.StartPeriodicTimer("repeat", "repeat", TimeSpan.FromSeconds(1));
                break;
            case Stop:
                Timers.Cancel("send");
                break;
            case "send":
                Send();
                break;
            case "repeat" when _repeats:
                foreach (var (key, (envelope, sent)) in _pending.ToList())
                {
                    if (_cluster.Now - sent < Patience)
                        continue;
                    _pending[key] = (envelope, _cluster.Now);
                    _node.Region.Tell(envelope, Self);
                }

                break;
            case string key when key.Contains('/'):
                _pending.Remove(key);
                _cluster.Ledger.Answered(key);
                break;
        }
    }

    private void Send()
    {
        var entity = $"e{_cluster.Random.Next(ShardedCluster.Entities)}";
        var text = $"{_name}:{_number++}";
        var envelope = new ShardingEnvelope(entity, text);
        _pending.Add($"{entity}/{text}", (envelope, _cluster.Now));
        _cluster.Ledger.Opened($"{entity}/{text}", _node);
        _node.Region.Tell(envelope, Self);
    }

    public sealed record Start(TimeSpan Interval, bool Repeats);
}

/// <summary>Collects what its system logs.</summary>
internal sealed class LogCollector(ShardedNode node, ShardedCluster cluster) : UntypedActor
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));

    protected override void OnReceive(object message)
    {
        var line = $"{cluster.Now:hh\\:mm\\:ss\\.fff} {node.Host} {message}";
        cluster.Ledger.Log.Add(line);
        if (message is Error)
            cluster.Ledger.Errors.Add(line);
    }
}
