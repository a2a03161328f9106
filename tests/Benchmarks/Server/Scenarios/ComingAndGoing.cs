using Benchmarks.Server.Chat;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>Lets users come for a second and go, one after the other, each once in a cycle, and counts what watchers are told.</summary>
internal sealed class ComingAndGoing : IPresenceSink
{
    private const double StaySeconds = 1;
    private const double LateSeconds = 2;
    private const double HeartbeatSeconds = 5;

    private readonly LoadLoop _loop;
    private readonly IReadOnlyList<(string Token, string User)> _users;
    private readonly PresenceScenario.Watch _watch;
    private readonly double _every;
    private readonly Dictionary<string, Visit> _visits = [];
    private readonly Queue<Visit> _opening = [];
    private readonly Queue<Visit> _staying = [];
    private readonly long _start = Clock.Now;
    private long _turn;
    private long _beat;

    public ComingAndGoing(
        LoadLoop loop, IReadOnlyList<(string Token, string User)> users, PresenceScenario.Watch watch, double cycle)
    {
        (_loop, _users, _watch, _every) = (loop, users, watch, cycle / users.Count);
        foreach (var watcher in watch.Watchers)
        {
            watcher.PresenceSink = this;
        }
    }

    /// <summary>Comings and goings that a watcher was told, each counted once.</summary>
    public long Changes { get; private set; }

    /// <summary>Frames that told them.</summary>
    public long Told { get; private set; }

    /// <summary>Comings of which some watcher wasn't told in time.</summary>
    public long Late { get; private set; }

    /// <summary>From when a user begins to connect to the news of it, at watchers of the same node.</summary>
    public LatencyHistogram Here { get; private set; } = new();

    /// <summary>Likewise at watchers of other nodes.</summary>
    public LatencyHistogram There { get; private set; } = new();

    /// <summary>Counts from now on.</summary>
    public void Begin() => (Changes, Told, Late, Here, There) = (0, 0, 0, new LatencyHistogram(), new LatencyHistogram());

    public void RunFor(double seconds)
    {
        for (var end = Clock.Add(Clock.Now, seconds); Clock.Now < end;)
        {
            Come();
            Arrive();
            Go();
            Beat();
            _loop.Round(Math.Min(end, Clock.Add(_start, _turn * _every)));
        }
    }

    public void OnPresence(ChatSession watcher, string user, bool isOnline)
    {
        Told++;
        if (!isOnline)
        {
            Changes += NodeOf(watcher) == 0 ? 1 : 0; // the watcher of the first node stands for all of a team
            return;
        }

        if (_visits.TryGetValue(user, out var visit))
        {
            visit.Told++;
            Changes += visit.Told == 1 ? 1 : 0;
            var latency = Clock.Microseconds(visit.Since, _loop.Now);
            (NodeOf(watcher) == visit.Node ? Here : There).Add(latency);
            Late += latency > LateSeconds * 1e6 ? 1 : 0;
        }
    }

    private int NodeOf(ChatSession watcher) => (watcher.Number - _users.Count) % _watch.Nodes;

    private void Come()
    {
        for (; Clock.Add(_start, _turn * _every) <= Clock.Now; _turn++)
        {
            var (token, user) = _users[(int)(_turn % _users.Count)];
            var session = new ChatSession(_loop, (int)(_turn % _users.Count), token);
            var visit = _visits[user] = new Visit(session, (int)(_turn % _watch.Nodes), Clock.Now);
            _loop.Open(session, visit.Node);
            _opening.Enqueue(visit);
        }
    }

    private void Arrive()
    {
        while (_opening.TryPeek(out var visit) && (visit.Session.IsReady || visit.Session.Failure is not null))
        {
            visit.Ready = _loop.Now;
            _staying.Enqueue(_opening.Dequeue());
        }
    }

    /// <summary>Watchers, who have nothing to say, say that they are there.</summary>
    private void Beat()
    {
        if (Clock.Seconds(_beat, Clock.Now) > HeartbeatSeconds)
        {
            _beat = Clock.Now;
            foreach (var watcher in _watch.Watchers)
            {
                watcher.Heartbeat();
            }
        }
    }

    private void Go()
    {
        while (_staying.TryPeek(out var visit) && Clock.Seconds(visit.Ready, _loop.Now) > StaySeconds + LateSeconds)
        {
            _staying.Dequeue();
            Late += visit.Told < _watch.Nodes ? 1 : 0;
            visit.Session.Close();
        }
    }

    private sealed class Visit(ChatSession session, int node, long since)
    {
        public ChatSession Session => session;

        public int Node => node;

        public long Since => since;

        public long Ready { get; set; }

        public int Told { get; set; }
    }
}
