using System.Diagnostics;
using System.Security.Cryptography;
using ChatAkka.Client;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Reports;
using ChatAkka.Replay.Scenarios;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay;

/// <summary>Plays the chosen scenarios against one server or several, one after the other, and judges each.</summary>
internal sealed class Replayer
{
    private static readonly TimeSpan JudgingWithin = TimeSpan.FromMinutes(2);

    private readonly ReplayOptions _options;
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private readonly IReadOnlyList<IScenario> _scenarios;
    private readonly long _started;

    /// <exception cref="MissingDataException">Data or a scenario is missing.</exception>
    public Replayer(ReplayOptions options, TimeProvider time, TextWriter output)
    {
        (_options, _time, _output, _started) = (options, time, output, time.GetTimestamp());
        _scenarios = Choose(options);
    }

    /// <inheritdoc cref="RunAsync(IServers, IntegratorTokens, CancellationToken)"/>
    /// <param name="link">Between the server and its store; null if it isn't to be cut.</param>
    public Task<IReadOnlyList<Row>> RunAsync(
        IServerHost server, IntegratorTokens tokens, CancellationToken stop, IStoreLink? link = null) =>
        RunAsync(new SingleServer(server, link), tokens, stop);

    /// <summary>Replays through servers that are ready and accept <paramref name="tokens"/>.</summary>
    /// <returns>A row for each scenario.</returns>
    public async Task<IReadOnlyList<Row>> RunAsync(IServers servers, IntegratorTokens tokens, CancellationToken stop)
    {
        var run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)); // the same server may have seen other runs
        var rows = new List<Row>();
        foreach (var scenario in _scenarios)
        {
            _output.WriteLine($"{scenario.Name}: {scenario.Messages} messages");
            var number = rows.Count + 1;
            var random = new Random(unchecked((_options.Seed * 397) + number));
            var row = await PlayAsync(scenario, $"{run}.s{number}", random, servers, tokens, stop).ConfigureAwait(false);
            rows.Add(row);
            stop.ThrowIfCancellationRequested();
        }

        return rows;
    }

    private static List<IScenario> Choose(ReplayOptions options)
    {
        var data = new DataSet(options.Data);
        var chosen = new List<IScenario>();
        var all = options.Scenario == "all";
        if (all || options.Scenario == "irc")
        {
            var logs = Limit(data.IrcLogs(options.Files, options.Speakers), options.Messages);
            chosen.Add(new IrcScenario("irc, one at a time", logs, 1, options.Speakers));
            chosen.Add(new IrcScenario($"irc, {options.InFlight} in flight", logs, options.InFlight, options.Speakers));
        }

        if (all || options.Scenario == "korean")
        {
            var pairs = data.KoreanPairs();
            chosen.Add(new KoreanScenario([.. pairs.Take(options.Messages > 0 ? Math.Max(1, options.Messages / 2) : pairs.Count)], options.Pairs));
        }

        return chosen.Count > 0 ? chosen : throw new MissingDataException($"no scenario '{options.Scenario}': there are irc, korean and all");
    }

    /// <summary>The message limit, shared by the files evenly.</summary>
    private static IReadOnlyList<IrcLog> Limit(IReadOnlyList<IrcLog> logs, int messages) => messages == 0
        ? logs
        : [.. logs.Take(messages).Select(l => l with { Lines = [.. l.Lines.Take(Math.Max(1, messages / logs.Count))] })];

    private async Task<Row> PlayAsync(
        IScenario scenario, string prefix, Random random, IServers servers, IntegratorTokens tokens, CancellationToken stop)
    {
        var left = _options.Timeout - _time.GetElapsedTime(_started);
        using var waits = new Waits(left > TimeSpan.Zero ? left : TimeSpan.Zero, _options.Stall, _time, stop);
        var api = new Api(servers.Service, _time);
        servers.Died = waits.Fail;
        var faults = FaultPlan.Draw(servers.FaultsFor(_options), scenario.Messages, random);
        var fleet = new Fleet(servers.Service, waits, faults, _time);
        var arena = new Arena(prefix, _options, fleet, api, tokens, waits, random);
        string? failure = null;
        var mischief = faults.RunAsync(
            waits, _time, text => _output.WriteLine($"  {text}"), servers.ComeToRest ? f => IsAtRestAsync(f, servers, fleet) : null);
        await using (fleet.ConfigureAwait(false))
        {
            try
            {
                await scenario.PlayAsync(arena).ConfigureAwait(false);
            }
            catch (Exception e) when (
                e is WaitFailedException or ChatException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                failure = waits.Reason ?? e.Message;
            }

            faults.Finish();
            await mischief.ConfigureAwait(false);
            failure ??= waits.Reason;
        }

        if (failure is null && faults.Records.Count < faults.Planned)
        {
            failure = $"only {faults.Records.Count} of {faults.Planned} faults found their moment; replay more messages";
        }

        var readings = new Readings(api, _time, _options.CursorsWithin, failure);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(JudgingWithin);
        var judged = await readings.JudgeAsync(arena.Conversations, limit.Token).ConfigureAwait(false);
        return Row(scenario, arena, [.. judged.Select(j => j.Record)]) with
        {
            Reconnects = fleet.Reconnects,
            Repeats = fleet.Repeats,
            GapsRepaired = fleet.GapsRepaired,
            Faults = FaultOutcome.All(faults.Records, [.. arena.Conversations.SelectMany(c => c.Sends)], fleet.Disturbances),
            Findings = [.. judged.SelectMany(j => j.Findings)],
            Errors = servers.TakeTroubles(),
            Failure = readings.Failure,
        };
    }

    /// <summary>Everything is there and at rest after a fault, or has failed to be for long enough.</summary>
    private async Task<bool> IsAtRestAsync(FaultRecord fault, IServers servers, Fleet fleet)
    {
        var restless = await servers.MendAsync(fault).ConfigureAwait(false) ? fleet.Restless(fault.Healed) : "a node isn't there";
        if (restless is null)
        {
            var passed = _time.GetElapsedTime(fault.Began).TotalSeconds;
            _output.WriteLine($"    {fault.Hit}: at rest {passed:0.0} s after it began{(fault.Restless is { } last ? $"; last: {last}" : "")}");
            return true;
        }

        fault.Restless = restless;
        var isTooLong = _time.GetElapsedTime(fault.Healed) > _options.QuietWithin;
        if (isTooLong)
        {
            fault.Breach($"not everything was at rest {_options.QuietWithin.TotalSeconds:0} s after it was healed: {restless}");
        }

        return isTooLong;
    }

    private static Row Row(IScenario scenario, Arena arena, IReadOnlyList<ChannelRecord> records)
    {
        var (acknowledgement, delivery) = (new LatencyHistogram(), new LatencyHistogram());
        foreach (var record in records)
        {
            foreach (var send in record.Sends.Where(s => s.IsAcknowledged))
            {
                acknowledgement.Add(Stopwatch.GetElapsedTime(send.SentAt, send.AcknowledgedAt));
                foreach (var arrival in record.Devices.Select(d => d.Log.Arrival(send.Id)).Where(a => a != 0))
                {
                    delivery.Add(Stopwatch.GetElapsedTime(send.SentAt, arrival));
                }
            }
        }

        return new Row(scenario.Name, (int)acknowledgement.Count, arena.Played, acknowledgement, delivery)
        {
            Deeds = records.Sum(r => r.Deeds.Count(d => d.Id != 0)),
            Deliveries = records.Sum(r => r.Devices.Sum(d => (long)d.Log.Deliveries)),
        };
    }
}
