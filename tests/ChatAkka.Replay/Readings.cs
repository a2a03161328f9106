using System.Collections.Concurrent;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Scenarios;

namespace ChatAkka.Replay;

/// <summary>Reads every channel's timeline back over HTTP when a scenario is over.</summary>
/// <param name="failure">Why the scenario failed, or null. A server that may be gone isn't asked a thousand times.</param>
internal sealed class Readings(HttpApi http, Fleet fleet, string? failure)
{
    private const int AtATime = 8;

    private volatile string? _failure = failure;
    private volatile bool _gone;

    /// <summary>The scenario's failure, or else the first one of reading back.</summary>
    public string? Failure => _failure;

    public async Task<IReadOnlyList<ChannelRecord>> ReadBackAsync(IEnumerable<Conversation> conversations, CancellationToken cancel)
    {
        var records = new ConcurrentBag<ChannelRecord>();
        var opened = conversations.Where(c => c.Channel is not null).Select((c, number) => (Conversation: c, Backward: number % 2 == 1));
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = CancellationToken.None };
        await Parallel.ForEachAsync(
            opened,
            limits,
            async (c, _) => records.Add(await ReadBackAsync(c.Conversation, c.Backward, cancel).ConfigureAwait(false))).ConfigureAwait(false);
        return [.. records];
    }

    private async Task<ChannelRecord> ReadBackAsync(Conversation conversation, bool backward, CancellationToken cancel)
    {
        var channel = conversation.Channel!;
        var devices = conversation.Devices.Where(d => !d.EndedAway).Select(d => new DeviceRecord(d.Name, d.UserId, d.LogOf(channel))).ToArray();
        var (head, history) = (0L, default(IReadOnlyList<TimelineEvent>));
        if (!_gone)
        {
            try
            {
                var token = conversation.Devices[0].Token;
                head = await http.HeadAsync(token, channel, cancel).ConfigureAwait(false);
                history = await http.HistoryAsync(token, channel, fleet.Pool(channel), backward, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or FormatException or InvalidDataException)
            {
                _gone = true;
                _failure ??= $"channel {channel} can't be read back: {e.Message}";
            }
        }

        return new ChannelRecord(channel, head, conversation.Sends, devices, history);
    }
}
