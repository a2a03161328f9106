using System.Text.RegularExpressions;
using ChatAkka.Replay.Faults;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.Replay.Server;

/// <summary>
/// A cluster. A node that ends by itself because of a fault, as one does that the others have given up, is started again when the fault has
/// been healed: whoever runs servers has something that does so. One that ends at any other time is a failure.
/// </summary>
internal sealed class ClusterServers : IServers, IAsyncDisposable
{
    // A node that the others have given up may notice only when it hears of them again.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(30);

    // One that stands still for longer than its lease finds its number given to another, and stops: that is what it should do.
    private static readonly Regex ExplainedByFaults = new(@"^crit: ChatAkka\.Server\.NodeLeaseKeeper\[2001\]");

    private readonly ClusterOfServers _cluster;
    private readonly ClusterFaults _faults;
    private readonly ClusterService _service;
    private readonly TimeProvider _time;
    private volatile FaultRecord? _fault;
    private volatile bool _isMended = true;

    /// <param name="cluster">That runs.</param>
    /// <param name="postgres">The store, if it may be killed.</param>
    public ClusterServers(ClusterOfServers cluster, PrivatePostgres? postgres, FaultDurations durations, TimeProvider time)
    {
        (_cluster, _time) = (cluster, time);
        _faults = new ClusterFaults(cluster, postgres, durations);
        _service = new ClusterService(cluster, time);
        cluster.EndedByItself = OnEnded;
    }

    public IService Service => _service;

    public Action<string>? Died { get; set; }

    public IReadOnlyList<string> TakeTroubles() => _cluster.TakeTroubles(ExplainedByFaults);

    public bool ComeToRest => true;

    public IEnumerable<IFault> FaultsFor(ReplayOptions options) => options.Faults.Select(name =>
    {
        var fault = _faults.Create(name);
        return new Fault(name, fault.EndsLives, (record, random, time) =>
        {
            _fault = record;
            return fault.StrikeAsync(record, random, time);
        });
    });

    public async Task<bool> MendAsync(FaultRecord fault)
    {
        if (!_isMended)
        {
            _isMended = true;
            await _cluster.ReviveAsync().ConfigureAwait(false);
        }

        return _isMended;
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private void OnEnded(ServerNode node, int code)
    {
        if (_fault is { } fault && (fault.Healed == 0 || _time.GetElapsedTime(fault.Healed) < Aftermath))
        {
            fault.NodeEnded(node.Name, code);
            _isMended = false;
        }
        else
        {
            Died?.Invoke($"{node.Name} ended by itself with code {code}{node.Log.Tail(20)}");
        }
    }
}
