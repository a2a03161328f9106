using ChatAkka.Tests.MultiNode;

namespace ChatAkka.Replay.Faults;

/// <summary>The faults of a cluster, by name. Whatever a fault did, afterwards there are as many nodes as before, all of them
/// ready.</summary>
/// <param name="postgres">The store, if it may be killed.</param>
internal sealed class ClusterFaults(ClusterOfServers cluster, PrivatePostgres? postgres, FaultDurations durations)
{
    /// <summary>Every node stops and starts again, one after the other.</summary>
    public const string Rolling = "rolling";

    /// <summary>PostgreSQL is killed: takes one that may be.</summary>
    public const string Store = "store";

    /// <summary>The names that there are.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "kill", "kill-coordinator", "kill-two", "stop-5s", "stop-60s", "cut", "cut-one-way", Store, Rolling, "add", "remove",
    ];

    /// <summary>Those that take links between the nodes that can be cut.</summary>
    public static readonly IReadOnlyList<string> OfLinks = ["cut", "cut-one-way"];

    /// <summary>Those that say good-bye: clients must not notice.</summary>
    public static readonly IReadOnlyList<string> Orderly = [Rolling, "add", "remove"];

    /// <exception cref="ArgumentException">There is no such fault.</exception>
    public IFault Create(string name) => name switch
    {
        "kill" => Of(name, (record, random, time) => KillAsync([Any(random)], record, random, time)),
        "kill-coordinator" => Of(name, (record, random, time) => KillAsync([cluster.ByAge[0]], record, random, time)),
        "kill-two" => Of(name, (record, random, time) => KillAsync(Two(random), record, random, time)),
        "stop-5s" => Of(name, (record, random, time) => FreezeAsync(Any(random), TimeSpan.FromSeconds(5), record, time)),
        "stop-60s" => Of(name, (record, random, time) => FreezeAsync(Any(random), TimeSpan.FromSeconds(60), record, time)),
        "cut" => Of(name, CutAsync),
        "cut-one-way" => Of(name, CutOneWayAsync),
        Store => Of(name, KillStoreAsync),
        Rolling => Of(name, RollAsync),
        "add" => Of(name, AddAsync),
        "remove" => Of(name, RemoveAsync),
        _ => throw new ArgumentException($"there is no fault '{name}', but {string.Join(", ", Names)}"),
    };

    private static Fault Of(string name, Func<FaultRecord, Random, TimeProvider, Task> strike) => new(name, endsLives: true, strike);

    private static string Named(IEnumerable<ServerNode> nodes) => string.Join(" and ", nodes.Select(n => n.Name));

    private ServerNode Any(Random random) => cluster.ByAge[random.Next(cluster.ByAge.Count)];

    private ServerNode[] Two(Random random)
    {
        var all = cluster.ByAge.ToArray();
        random.Shuffle(all);
        return all[..2];
    }

    private async Task KillAsync(ServerNode[] nodes, FaultRecord record, Random random, TimeProvider time)
    {
        var pause = durations.Draw(random);
        record.Hit = $"{Named(nodes)} for {pause.TotalSeconds:0.0} s";
        await Task.WhenAll(nodes.Select(n => n.KillAsync())).ConfigureAwait(false);
        await Task.Delay(pause, time).ConfigureAwait(false);
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task FreezeAsync(ServerNode node, TimeSpan length, FaultRecord record, TimeProvider time)
    {
        record.Hit = node.Name;
        node.Freeze();
        await Task.Delay(length, time).ConfigureAwait(false);
        node.Thaw();
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task CutAsync(FaultRecord record, Random random, TimeProvider time)
    {
        var (node, length) = (Any(random), durations.Draw(random));
        record.Hit = $"{node.Name} for {length.TotalSeconds:0.0} s";
        var links = cluster.Cuttable();
        links.Isolate(node.Number);
        await Task.Delay(length, time).ConfigureAwait(false);
        links.Heal();
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task CutOneWayAsync(FaultRecord record, Random random, TimeProvider time)
    {
        var (node, length, mute) = (Any(random), durations.Draw(random), random.Next(2) == 0);
        record.Hit = $"{node.Name}, {(mute ? "which nobody hears," : "which hears nobody,")} for {length.TotalSeconds:0.0} s";
        var links = cluster.Cuttable();
        (mute ? (Action<int>)links.Mute : links.Deafen)(node.Number);
        await Task.Delay(length, time).ConfigureAwait(false);
        links.Heal();
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task KillStoreAsync(FaultRecord record, Random random, TimeProvider time)
    {
        var store = postgres ?? throw new InvalidOperationException("there is no store that may be killed");
        var pause = durations.Short * random.NextDouble();
        record.Hit = $"PostgreSQL for {pause.TotalSeconds:0.0} s";
        await store.KillAsync().ConfigureAwait(false);
        await Task.Delay(pause, time).ConfigureAwait(false);
        await store.RunAsync().ConfigureAwait(false);
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task RollAsync(FaultRecord record, Random random, TimeProvider time)
    {
        var nodes = cluster.ByAge.ToArray();
        random.Shuffle(nodes);
        record.Hit = Named(nodes);
        foreach (var node in nodes)
        {
            await StopAsync(node, record).ConfigureAwait(false);
            await node.StartAsync().ConfigureAwait(false);
        }

        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task AddAsync(FaultRecord record, Random random, TimeProvider time)
    {
        var node = cluster.Add();
        record.Hit = node.Name;
        await node.StartAsync().ConfigureAwait(false);
        await Task.Delay(durations.Stay, time).ConfigureAwait(false);
        cluster.TakeAway(node);
        await StopAsync(node, record).ConfigureAwait(false);
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task RemoveAsync(FaultRecord record, Random random, TimeProvider time)
    {
        var node = Any(random);
        record.Hit = node.Name;
        await StopAsync(node, record).ConfigureAwait(false);
        await Task.Delay(durations.Stay, time).ConfigureAwait(false);
        await cluster.ReviveAsync().ConfigureAwait(false);
    }

    private async Task StopAsync(ServerNode node, FaultRecord record)
    {
        record.NodesStopped++;
        try
        {
            var end = await node.StopAsync(durations.StopWithin).ConfigureAwait(false);
            if (end.Code != 0)
            {
                record.Breach($"{node.Name} ended with code {end.Code} when it was asked to stop");
            }
        }
        catch (ServerFailedException e)
        {
            record.Breach(e.Message);
            await node.KillAsync().ConfigureAwait(false);
        }
    }
}
