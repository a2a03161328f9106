using Akka.Actor;
using Akka.Cluster;
using Akka.Embedded.Tests.Membership.Scheduling;

namespace Akka.Embedded.Tests.Membership.Model;

/// <summary>
/// A cluster of membership state machines without actors, in virtual time: messages take a random while, arrive in order, and are lost or held
/// up where the network is cut. What goes on is drawn from a seed.
/// </summary>
internal sealed class ModelNetwork(int seed) : IScheduledCluster
{
    private const int MaxEventsAtOnce = 100_000;

    private static readonly TimeSpan MaxLatency = TimeSpan.FromMilliseconds(20);

    private readonly PriorityQueue<Action, (TimeSpan Due, long Sequence)> _events = new();
    private readonly Dictionary<(ModelNode, Address), TimeSpan> _lastDue = [];
    private readonly HashSet<(string From, string To)> _cut = [];
    private readonly List<(string From, string To, Action Deliver)> _heldUp = [];
    private long _sequence;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    public ClusterSetup Setup { get; init; } = new();

    /// <summary>By host; the last one that was started there.</summary>
    public SortedDictionary<string, ModelNode> Nodes { get; } = new(StringComparer.Ordinal);

    public List<string> Log { get; } = [];

    public long Messages { get; private set; }

    /// <summary>Those that run and have not ended.</summary>
    public IReadOnlyList<ModelNode> Living => [.. Nodes.Values.Where(static node => node.IsAlive)];

    IReadOnlyList<IScheduledNode> IScheduledCluster.Living => Living;

    public static Address AddressOf(string host) => new("akka.tcp", "model", host, 2552);

    /// <summary>Starts a node, or starts it again after it has ended or was killed.</summary>
    public ModelNode Start(string host, params string[] seeds)
    {
        var node = new ModelNode(this, new UniqueAddress(AddressOf(host), Random.Next(1, int.MaxValue)));
        Nodes[host] = node;
        node.Start();
        if (seeds.Length > 0)
            node.Do(machine => machine.JoinSeeds([.. seeds.Select(AddressOf)]));
        return node;
    }

    public void At(TimeSpan due, Action action) => _events.Enqueue(action, (due, _sequence++));

    public void Advance(double seconds) => AdvanceUntil(static () => false, seconds);

    /// <summary>False when it does not hold in time.</summary>
    public bool AdvanceUntil(Func<bool> holds, double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        var atOnce = 0;
        while (!holds())
        {
            atOnce.ShouldBeLessThan(MaxEventsAtOnce, "time stands still");
            if (!_events.TryPeek(out _, out var place) || place.Due > end)
            {
                Now = end;
                return false;
            }

            var action = _events.Dequeue();
            atOnce = Now == place.Due ? atOnce + 1 : 0;
            Now = place.Due;
            action();
        }

        return true;
    }

    public void Send(ModelNode from, Address to, Action<ModelNode> deliver)
    {
        Messages++;
        var due = Now + MaxLatency * Random.NextDouble();
        if (_lastDue.TryGetValue((from, to), out var last) && last > due)
            due = last;
        _lastDue[(from, to)] = due;
        At(due, () => Arrive(from.Host, to, deliver));
    }

    public void Cut(string from, string to) => _cut.Add((from, to));

    public void Partition(IReadOnlyCollection<string> one, IReadOnlyCollection<string> other)
    {
        foreach (var left in one)
        {
            foreach (var right in other)
            {
                Cut(left, right);
                Cut(right, left);
            }
        }
    }

    /// <param name="loses">What was sent meanwhile, as opposed to arriving now.</param>
    public void Heal(bool loses)
    {
        _cut.Clear();
        var heldUp = _heldUp.ToArray();
        _heldUp.Clear();
        foreach (var (_, _, deliver) in loses ? [] : heldUp)
            At(Now, deliver);
    }

    void IScheduledCluster.Start(string host, string[] seeds) => Start(host, seeds);

    void IScheduledCluster.Kill(string host) => Nodes[host].Kill();

    void IScheduledCluster.Pause(string host) => Nodes[host].Pause();

    void IScheduledCluster.Resume(string host) => Nodes[host].Resume();

    void IScheduledCluster.Leave(string host) => Nodes[host].Do(machine => machine.Leave(AddressOf(host)));

    string IScheduledCluster.Describe() => string.Join('\n', Log);

    private void Arrive(string from, Address to, Action<ModelNode> deliver)
    {
        if (_cut.Contains((from, to.Host!)))
            _heldUp.Add((from, to.Host!, () => Arrive(from, to, deliver)));
        else if (Nodes.TryGetValue(to.Host!, out var node) && node.IsRunning)
            node.Do(_ => deliver(node));
    }
}
