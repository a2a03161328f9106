using System.Diagnostics;
using System.Security.Cryptography;
using ChatAkka.Client;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Reports;
using ChatAkka.Replay.Scenarios;
using ChatAkka.Replay.Server;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay;

/// <summary>Plays the chosen scenarios against one server, one after the other, and judges each.</summary>
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

    /// <summary>Replays through a server that is ready and accepts <paramref name="tokens"/>.</summary>
    /// <returns>A row for each scenario.</returns>
    public async Task<IReadOnlyList<Row>> RunAsync(IServerHost server, IntegratorTokens tokens, CancellationToken stop)
    {
        var run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)); // the same server may have seen other runs
        var rows = new List<Row>();
        foreach (var scenario in _scenarios)
        {
            _output.WriteLine($"{scenario.Name}: {scenario.Messages} messages");
            var number = rows.Count + 1;
            var random = new Random(unchecked((_options.Seed * 397) + number));
            rows.Add(await PlayAsync(scenario, $"{run}.s{number}", random, server, tokens, stop).ConfigureAwait(false));
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
        IScenario scenario, string prefix, Random random, IServerHost server, IntegratorTokens tokens, CancellationToken stop)
    {
        var left = _options.Timeout - _time.GetElapsedTime(_started);
        using var waits = new Waits(left > TimeSpan.Zero ? left : TimeSpan.Zero, _options.Stall, _time, stop);
        var api = new Api(server.Address, _time);
        server.Died = waits.Fail;
        var kills = _options.Kills == 0 ? KillPlan.None() : KillPlan.Draw(_options.Kills, scenario.Messages, random);
        var fleet = new Fleet(server.Address, waits, kills, _time);
        var arena = new Arena(prefix, _options, fleet, api, tokens, waits, random);
        string? failure = null;
        var killer = kills.RunAsync(server, waits, text => _output.WriteLine($"  {text}"));
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

            kills.Finish();
            await killer.ConfigureAwait(false);
            failure ??= waits.Reason;
        }

        if (failure is null && kills.Done < kills.Planned)
        {
            failure = $"only {kills.Done} of {kills.Planned} kills found their moment; replay more messages";
        }

        var readings = new Readings(api, _time, failure);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(JudgingWithin);
        var judged = await readings.JudgeAsync(arena.Conversations, limit.Token).ConfigureAwait(false);
        return Row(scenario, arena, [.. judged.Select(j => j.Record)]) with
        {
            Reconnects = fleet.Reconnects,
            Repeats = fleet.Repeats,
            GapsRepaired = fleet.GapsRepaired,
            Kills = kills.Done,
            Findings = [.. judged.SelectMany(j => j.Findings)],
            Failure = readings.Failure,
        };
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
