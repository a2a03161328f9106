using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Scenarios;

/// <summary>
/// IRC logs as groups, one after the other: each line is sent by its speaker's socket, in file order. Every tenth speaker has a second
/// device. The first speaker has one more that stays away to the end; and where the group has room, someone who never speaks does, too.
/// </summary>
/// <param name="window">Sends that may be unacknowledged at a time: 1 waits for each acknowledgement before the next line.</param>
internal sealed class IrcScenario(string name, IReadOnlyList<IrcLog> logs, int window, int groupSize) : IScenario
{
    private const int TimesAway = 2;
    private const int LongestAbsence = 250; // more than a sync frame holds, so that some have to page

    public string Name => name;

    public int Messages => logs.Sum(l => l.Lines.Count);

    public async Task PlayAsync(Arena arena)
    {
        foreach (var log in logs)
        {
            await PlayAsync(arena, log).ConfigureAwait(false);
        }
    }

    private async Task PlayAsync(Arena arena, IrcLog log)
    {
        var conversation = arena.Converse();
        var speakers = new Dictionary<string, DeviceClient>();
        var late = new List<DeviceClient>();
        var firsts = new List<DeviceClient>();
        foreach (var nick in log.Lines.Select(l => l.Nick).Distinct())
        {
            var person = await arena.PersonAsync(nick).ConfigureAwait(false);
            speakers[nick] = await AddDeviceAsync(person, 1).ConfigureAwait(false);
            firsts.Add(speakers[nick]);
            if (speakers.Count % 10 == 1)
            {
                await AddDeviceAsync(person, 2).ConfigureAwait(false);
            }

            if (speakers.Count == 1)
            {
                late.Add(await AddDeviceAsync(person, 3).ConfigureAwait(false));
            }
        }

        if (speakers.Count < groupSize)
        {
            firsts.Add(await AddDeviceAsync(await arena.PersonAsync("listener").ConfigureAwait(false), 1).ConfigureAwait(false));
            late.Add(firsts[^1]);
        }

        await arena.StartAsync(conversation.Devices).ConfigureAwait(false);
        late.ForEach(d => d.GoAway(Leave.Graceful));
        conversation.Channel = await arena.Http
            .CreateGroupAsync(firsts[0].Token, log.Name, firsts.Skip(1).Select(d => d.UserId), arena.Waits.Ended).ConfigureAwait(false);
        await Task.WhenAll(conversation.Devices.Except(late).Select(d => conversation.ReachedAsync(d, 1))).ConfigureAwait(false);

        var restless = arena.Restless(conversation.Devices.Except(late));
        var absences = Absences.Draw(restless, TimesAway, log.Lines.Count, LongestAbsence, arena.Random);
        await arena.PlayedAsync(async () =>
        {
            await SpeakAsync(arena, conversation, log, speakers, absences).ConfigureAwait(false);
            await conversation.SettleAsync(late).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await Task.WhenAll(conversation.Devices.Select(d => d.StopAsync())).ConfigureAwait(false);

        async Task<DeviceClient> AddDeviceAsync(Person person, int number)
        {
            var device = await arena.DeviceAsync(person, number).ConfigureAwait(false);
            conversation.Devices.Add(device);
            return device;
        }
    }

    private async Task SpeakAsync(
        Arena arena, Conversation conversation, IrcLog log, Dictionary<string, DeviceClient> speakers, Absences absences)
    {
        var room = new SemaphoreSlim(window);
        var unacknowledged = new List<(Send Send, DeviceClient Sender)>();
        for (var at = 0; at < log.Lines.Count; at++)
        {
            absences.Reached(at);
            unacknowledged.RemoveAll(u => u.Send.Acknowledged.IsCompleted);
            if (room.CurrentCount == 0)
            {
                unacknowledged.ForEach(u => u.Sender.Return()); // who went away with a send on its way holds up the rest
            }

            await arena.Waits.For(room.WaitAsync(arena.Waits.Ended), Unacknowledged).ConfigureAwait(false);
            var sender = speakers[log.Lines[at].Nick];
            var send = conversation.Submit(sender, log.Lines[at].Text);
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
}
