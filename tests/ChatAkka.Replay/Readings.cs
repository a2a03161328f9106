using ChatAkka.Client;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Scenarios;

namespace ChatAkka.Replay;

/// <summary>Reads every channel back over HTTP when a scenario is over, as everyone who was a member, and has it judged.</summary>
/// <param name="cursorsWithin">See <see cref="ReplayOptions.CursorsWithin"/>.</param>
/// <param name="failure">Why the scenario failed, or null. A server that may be gone isn't asked a thousand times.</param>
internal sealed class Readings(Api api, TimeProvider time, TimeSpan cursorsWithin, string? failure)
{
    private const int AtATime = 8;
    private const int PageSize = ProtocolLimits.MaxHistoryLimit;
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _room = new(AtATime);
    private volatile string? _failure = failure;
    private volatile bool _gone;

    /// <summary>The scenario's failure, or else the first one of reading back.</summary>
    public string? Failure => _failure;

    /// <returns>Each channel, without what was read, and what is wrong with it.</returns>
    public async Task<IReadOnlyList<(ChannelRecord Record, IReadOnlyCollection<Finding> Findings)>> JudgeAsync(
        IEnumerable<Conversation> conversations, CancellationToken cancel)
    {
        var judged = new List<(ChannelRecord, IReadOnlyCollection<Finding>)>();
        foreach (var some in conversations.Where(c => c.Channel is not null).Chunk(AtATime))
        {
            judged.AddRange(await Task.WhenAll(some.Select(c => Task.Run(() => JudgeAsync(c, cancel), cancel))).ConfigureAwait(false));
        }

        return judged;
    }

    private async Task<(ChannelRecord Record, IReadOnlyCollection<Finding> Findings)> JudgeAsync(
        Conversation conversation, CancellationToken cancel)
    {
        var channel = conversation.Channel!;
        var devices = conversation.Devices.Where(d => !d.EndedAway)
            .Select(d => new DeviceRecord(d.Name, d.UserId, d.LogOf(channel))).ToArray();
        var record = new ChannelRecord(channel, 0, conversation.Sends, conversation.Deeds, devices, []);
        var readings = Array.Empty<Reading>();
        if (!_gone)
        {
            try
            {
                var findings = new Findings(channel);
                var receipts = new ReceiptJudge(record, new Timeline(record, findings), findings);
                var readers = conversation.Devices.DistinctBy(d => d.UserId).Where(d => d.UserId.Length > 0);
                var reading = readers.Select((d, number) => ReadAsync(d, channel, receipts, isBackward: number == 1, cancel));
                readings = await Task.WhenAll(reading).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ChatException or OperationCanceledException or InvalidDataException)
            {
                _gone = true;
                _failure ??= $"channel {channel} can't be read back: {e.Message}";
            }
        }

        var head = readings.Select(r => r.Details?.Channel.Head ?? 0).DefaultIfEmpty().Max();
        return (record, Judge.Findings(record with { Head = head, Readings = readings }));
    }

    private async Task<Reading> ReadAsync(
        DeviceClient device, string channel, ReceiptJudge receipts, bool isBackward, CancellationToken cancel)
    {
        await _room.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var details = await DetailsAsync(device, channel, receipts, cancel).ConfigureAwait(false);
            var messages = await MessagesAsync(device.Token, channel, isBackward, cancel).ConfigureAwait(false);
            return new Reading($"history of {device.Name}", device.UserId, messages, details);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>The channel as it is shown to a user once the server has stored the last cursors, or won't; null if it is hidden.</summary>
    private async Task<ChannelDetails?> DetailsAsync(DeviceClient device, string channel, ReceiptJudge receipts, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var details = await api
                .FindAsync(device.Token, (http, stop) => http.GetChannelAsync(channel, stop), cancel).ConfigureAwait(false);
            var isPointless = _failure is not null || time.GetElapsedTime(started) > cursorsWithin;
            if (details is null || isPointless || receipts.IsSettled(device.UserId, details))
            {
                return details;
            }

            await Task.Delay(AskEvery, time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>All messages of a channel, in the order in which the pages show them; null if it is hidden.</summary>
    /// <param name="isBackward">Page from the newest to the oldest, as a person scrolls.</param>
    private async Task<IReadOnlyList<PagedMessage>?> MessagesAsync(string token, string channel, bool isBackward, CancellationToken cancel)
    {
        var all = new List<PagedMessage>();
        var range = new HistoryRange(isBackward ? HistorySide.Newest : HistorySide.After, 0, PageSize);
        while (true)
        {
            var asked = range;
            var page = await api
                .FindAsync(token, (http, stop) => http.GetMessagesAsync(channel, asked, stop), cancel).ConfigureAwait(false);
            if (page is null)
            {
                return null;
            }

            all.InsertRange(isBackward ? 0 : all.Count, page.Messages);
            if (isBackward ? !page.HasBefore : !page.HasAfter)
            {
                return all;
            }

            if (page.Messages.Count == 0)
            {
                throw new InvalidDataException("an empty history page says that there is more");
            }

            range = isBackward
                ? new HistoryRange(HistorySide.Before, page.Messages[0].Id, PageSize)
                : new HistoryRange(HistorySide.After, page.Messages[^1].Id, PageSize);
        }
    }
}
