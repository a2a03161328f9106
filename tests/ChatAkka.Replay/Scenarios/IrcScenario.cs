using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Scenarios;

/// <summary>
/// IRC logs as groups, one after the other: each line is sent by its speaker's socket, in file order. Every tenth speaker has a second
/// device. The first speaker has one more that stays away to the end; and where the group has room, someone who never speaks does, too. In
/// the middle of the log somebody leaves, in every other one the owner, and a newcomer with two devices says the rest of their lines.
/// </summary>
/// <param name="window">Sends that may be unacknowledged at a time: 1 waits for each acknowledgement before the next line.</param>
internal sealed class IrcScenario(string name, IReadOnlyList<IrcLog> logs, int window, int groupSize) : IScenario
{
    private const int TimesAway = 2;
    private const int LongestAbsence = 250; // more than a sync frame holds, so that some have to page
    private const int FewestForSuccession = 3;

    public string Name => name;

    public int Messages => logs.Sum(l => l.Lines.Count);

    public async Task PlayAsync(Arena arena)
    {
        for (var number = 0; number < logs.Count; number++)
        {
            await PlayAsync(arena, logs[number], ownerLeaves: number % 2 == 0).ConfigureAwait(false);
        }
    }

    private async Task PlayAsync(Arena arena, IrcLog log, bool ownerLeaves)
    {
        var group = await GatherAsync(arena, log).ConfigureAwait(false);
        var (conversation, firsts, late) = (group.Conversation, group.Firsts, group.Late);
        var newcomer = await NewcomerAsync(arena).ConfigureAwait(false);
        var leaver = ownerLeaves ? 0 : firsts.Count > 10 ? 10 : 1; // the eleventh has two devices
        group.Succession = firsts.Count < FewestForSuccession ? null : new Succession(arena, conversation, firsts, leaver, newcomer);
        await arena.StartAsync([.. conversation.Devices, .. newcomer]).ConfigureAwait(false);
        late.ForEach(d => d.GoAway(Leave.Graceful));
        conversation.Channel = (await arena.Api
            .CallAsync(
                firsts[0].Token,
                (http, stop) => http.CreateGroupAsync(log.Name, firsts.Skip(1).Select(d => d.UserId), stop),
                arena.Waits.Ended)
            .ConfigureAwait(false)).Channel.Id;
        await Task.WhenAll(conversation.Devices.Except(late).Select(d => conversation.ReachedAsync(d, 1))).ConfigureAwait(false);

        var restless = arena.Restless(conversation.Devices.Except(late));
        var absences = Absences.Draw(restless, TimesAway, log.Lines.Count, LongestAbsence, arena.Random);
        var afterthoughts = new Afterthoughts(conversation, arena.Random, offset: 0);
        await arena.PlayedAsync(async () =>
        {
            await SpeakAsync(arena, group, log, absences, afterthoughts).ConfigureAwait(false);
            await afterthoughts.FinishAsync().ConfigureAwait(false);
            await conversation.SettleAsync([.. late.Where(conversation.Present.Contains)]).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (group.Succession is not null)
        {
            await group.Succession.ComeBackAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(conversation.Devices.Concat(newcomer).Select(d => d.StopAsync())).ConfigureAwait(false);
    }

    /// <summary>The people of a log and their devices, not yet connected.</summary>
    private async Task<Group> GatherAsync(Arena arena, IrcLog log)
    {
        var group = new Group(arena.Converse());
        foreach (var nick in log.Lines.Select(l => l.Nick).Distinct())
        {
            var person = await arena.PersonAsync(nick).ConfigureAwait(false);
            group.Speakers[nick] = await AddDeviceAsync(person, 1).ConfigureAwait(false);
            group.Firsts.Add(group.Speakers[nick]);
            if (group.Speakers.Count % 10 == 1)
            {
                await AddDeviceAsync(person, 2).ConfigureAwait(false);
            }

            if (group.Speakers.Count == 1)
            {
                group.Late.Add(await AddDeviceAsync(person, 3).ConfigureAwait(false));
            }
        }

        if (group.Speakers.Count < groupSize)
        {
            group.Firsts.Add(await AddDeviceAsync(await arena.PersonAsync("listener").ConfigureAwait(false), 1).ConfigureAwait(false));
            group.Late.Add(group.Firsts[^1]);
        }

        return group;

        async Task<DeviceClient> AddDeviceAsync(Person person, int number)
        {
            var device = await arena.DeviceAsync(person, number).ConfigureAwait(false);
            group.Conversation.Devices.Add(device);
            return device;
        }
    }

    private static async Task<IReadOnlyList<DeviceClient>> NewcomerAsync(Arena arena)
    {
        var person = await arena.PersonAsync("newcomer").ConfigureAwait(false);
        return [await arena.DeviceAsync(person, 1).ConfigureAwait(false), await arena.DeviceAsync(person, 2).ConfigureAwait(false)];
    }

    private async Task SpeakAsync(Arena arena, Group group, IrcLog log, Absences absences, Afterthoughts afterthoughts)
    {
        var conversation = group.Conversation;
        var room = new SemaphoreSlim(window);
        var unacknowledged = new List<(Send Send, DeviceClient Sender)>();
        for (var at = 0; at < log.Lines.Count; at++)
        {
            if (at == log.Lines.Count / 2 && group.Succession is { } succession)
            {
                await SucceedAsync(group, succession, afterthoughts, unacknowledged).ConfigureAwait(false);
            }

            await arena.TurnAsync().ConfigureAwait(false);
            absences.Reached(at);
            afterthoughts.Reached(at);
            unacknowledged.RemoveAll(u => u.Send.Acknowledged.IsCompleted);
            if (room.CurrentCount == 0)
            {
                unacknowledged.ForEach(u => u.Sender.Return()); // who went away with a send on its way holds up the rest
            }

            await arena.Waits.For(room.WaitAsync(arena.Waits.Ended), Unacknowledged).ConfigureAwait(false);
            var sender = group.Speakers[log.Lines[at].Nick];
            var send = conversation.Submit(sender, log.Lines[at].Text);
            afterthoughts.Said(send, sender, at);
            unacknowledged.Add((send, sender));
            _ = ReleaseAsync(send);
        }

        foreach (var (send, sender) in unacknowledged)
        {
            await conversation.AcknowledgedAsync(send, sender).ConfigureAwait(false);
        }

        async Task ReleaseAsync(Send send)
        {
            await send.Acknowledged.ConfigureAwait(false);
            room.Release();
        }

        string Unacknowledged() => unacknowledged.Find(u => !u.Send.Acknowledged.IsCompleted) is { Send: not null } first
            ? $"the ok for {first.Send} ({first.Sender.Progress(conversation.Channel!)})"
            : "the next line's turn";
    }

    /// <summary>Somebody leaves and somebody joins, while what the others have said may be on its way.</summary>
    private static async Task SucceedAsync(
        Group group, Succession succession, Afterthoughts afterthoughts, List<(Send Send, DeviceClient Sender)> unacknowledged)
    {
        var leaver = succession.Leaver;
        foreach (var (send, sender) in unacknowledged.Where(u => u.Sender.UserId == leaver.UserId))
        {
            await group.Conversation.AcknowledgedAsync(send, sender).ConfigureAwait(false);
        }

        await afterthoughts.BegunAsync().ConfigureAwait(false);
        await succession.TakePlaceAsync().ConfigureAwait(false);
        foreach (var nick in group.Speakers.Where(s => s.Value == leaver).Select(s => s.Key).ToArray())
        {
            group.Speakers[nick] = succession.Successor;
        }
    }

    /// <summary>A log's people.</summary>
    private sealed record Group(Conversation Conversation)
    {
        /// <summary>By nick: the device that says their lines.</summary>
        public Dictionary<string, DeviceClient> Speakers { get; } = [];

        /// <summary>The first device of each, the owner's first.</summary>
        public List<DeviceClient> Firsts { get; } = [];

        /// <summary>Those that stay away to the end.</summary>
        public List<DeviceClient> Late { get; } = [];

        public Succession? Succession { get; set; }
    }
}
