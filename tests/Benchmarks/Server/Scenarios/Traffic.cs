using Benchmarks.Server.Chat;
using Benchmarks.Server.Hosting;
using Benchmarks.Server.Load;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Server.Scenarios;

/// <summary>
/// Sends by a <see cref="TrafficPlan"/> between sessions that are logged in, then waits until all that was sent has arrived.
/// Latency counts from the moment a message was due, so that in an open loop a stall of the server isn't hidden.
/// </summary>
internal sealed class Traffic : ITrafficSink
{
    private const double DrainSeconds = 30;
    private const double SettleSeconds = 0.5;

    // Room for what one sender has in flight; in an open loop at any usual rate minutes' worth.
    private const int InFlightMask = (1 << 12) - 1;

    // Coprime with the number of sessions, so that every one gets its turn; large, so that partners don't take turns.
    private const int Stride = 7919;

    private readonly LoadLoop _loop;
    private readonly ChatSession[] _sessions;
    private readonly TrafficPlan _plan;
    private readonly long[][] _due;
    private readonly int[] _copies = new int[InFlightMask + 1];
    private readonly LatencyHistogram _latency = new();
    private long _from = long.MaxValue;
    private long _to = long.MaxValue;
    private long _delivered;
    private long _strays;
    private long _turn;
    private bool _sending = true;

    public Traffic(LoadLoop loop, ChatSession[] sessions, TrafficPlan plan)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Window, InFlightMask);
        _loop = loop;
        _sessions = sessions;
        _plan = plan;
        _due = [.. sessions.Select(_ => new long[InFlightMask + 1])];
        foreach (var session in sessions)
        {
            session.Sink = this;
        }
    }

    private IEnumerable<ChatSession> Senders => _plan.Room ? _sessions.Take(1) : _sessions;

    public RunResult Run(int run, IMeasured server)
    {
        _loop.RunFor(SettleSeconds);
        GC.Collect();
        var start = Clock.Now;
        _from = Clock.Add(start, _plan.Ramp);
        _to = Clock.Add(_from, _plan.Seconds);
        Begin(start);
        SendUntil(start, _from);
        var usage = new Usage(server);
        SendUntil(start, _to);
        usage.Stop();
        _sending = false;

        _loop.RunUntil(() => Arrived >= Expected || _sessions.All(session => session.Failure is not null), DrainSeconds);
        _loop.RunFor(SettleSeconds);
        return Result(run, usage, server);
    }

    public void OnMessage(ChatSession recipient, int sender, long number)
    {
        if (sender != PeerOf(recipient))
        {
            _strays++;
        }
        else if (recipient.Incoming.Accept(number))
        {
            OnDelivered(_sessions[sender], number);
        }
    }

    // A room's sender gets no event of its own message: the answer is its copy.
    public void OnAcknowledged(ChatSession sender, long number)
    {
        if (_plan.Room && sender.Incoming.Accept(number))
        {
            OnDelivered(sender, number);
        }
    }

    private long Arrived => _sessions.Sum(session => session.Incoming.Received);

    private long Expected => _sessions.Sum(session => session.Sent) * (_plan.Room ? _sessions.Length : 1);

    private int PeerOf(ChatSession session) => _plan.Room ? 0 : session.Number ^ 1;

    private void Begin(long start)
    {
        for (var i = 0; i < _plan.Window; i++)
        {
            foreach (var sender in Senders)
            {
                Send(sender, start);
            }
        }
    }

    private void SendUntil(long start, long end)
    {
        for (var now = Clock.Now; now < end; now = Clock.Now)
        {
            _loop.Round(_plan.Rate > 0 ? Math.Min(end, SendDue(start, now)) : end);
        }
    }

    /// <summary>Open loop: sends what is due; returns when the next message is.</summary>
    private long SendDue(long start, long now)
    {
        while (true)
        {
            var due = Clock.Add(start, _turn / (double)_plan.Rate);
            if (due > now)
            {
                return due;
            }

            Send(_sessions[_turn * Stride % _sessions.Length], due);
            _turn++;
        }
    }

    private void Send(ChatSession sender, long due) => _due[sender.Number][sender.Send() & InFlightMask] = due;

    private void OnDelivered(ChatSession sender, long number)
    {
        var now = _loop.Now;
        var slot = number & InFlightMask;
        var due = _due[sender.Number][slot];
        var arrivedInTime = now >= _from && now < _to;
        _delivered += arrivedInTime ? 1 : 0;
        if (_plan.Rate > 0 ? due >= _from && due < _to : arrivedInTime)
        {
            _latency.Add(Clock.Microseconds(due, now));
        }

        if (_plan.Room)
        {
            if (++_copies[slot] < _sessions.Length)
            {
                return;
            }

            _copies[slot] = 0;
        }

        if (_sending && _plan.Rate == 0)
        {
            Send(sender, now);
        }
    }

    private RunResult Result(int run, Usage usage, IMeasured server)
    {
        var result = new RunResult(_plan.Test, run)
            .With("delivered_per_s", _delivered / usage.Seconds)
            .With("p50_ms", _latency.Milliseconds(.5), 3)
            .With("p99_ms", _latency.Milliseconds(.99), 3)
            .With("p999_ms", _latency.Milliseconds(.999), 3)
            .With("max_ms", _latency.Milliseconds(1), 3);
        usage.AddCpuPerThousandTo(result, _delivered)
            .With("server_cores", usage.ServerCpu / usage.Seconds, 2)
            .With("loadgen_cores", usage.OwnCpu / usage.Seconds, 2)
            .With("loadgen_bytes_per_message", usage.OwnAllocations / (double)Math.Max(1, _delivered), 1)
            .WithDetail("sent", _sessions.Sum(session => session.Sent))
            .WithDetail("expected", Expected)
            .WithDetail("received", Arrived)
            .WithFault("lost", Expected - Arrived)
            .WithFault("duplicated", _sessions.Sum(session => session.Incoming.Duplicated))
            .WithFault("reordered", _sessions.Sum(session => session.Incoming.Reordered))
            .WithFault("strays", _strays);
        SessionFaults.AddTo(result, _sessions, server);
        return result;
    }
}
