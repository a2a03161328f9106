using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Data;

namespace ChatAkka.Replay.Scenarios;

/// <summary>
/// Korean questions and answers as 1:1 chats of many pairs of people at once: one asks, the other answers after having received the
/// question. Half of the chats are opened by name of the other user, half by the first question. The first pair's answerer has a second
/// device that stays away to the end. Some questions and answers are edited afterwards, or reacted to.
/// </summary>
internal sealed class KoreanScenario(IReadOnlyList<QuestionAnswer> lines, int pairs) : IScenario
{
    private const int TimesAway = 2;
    private const int LongestAbsence = 6;

    public string Name => "korean 1:1";

    public int Messages => lines.Count * 2;

    public async Task PlayAsync(Arena arena)
    {
        var chats = new List<Chat>();
        for (var p = 0; p < Math.Min(pairs, lines.Count); p++)
        {
            var asker = await arena.DeviceAsync(await arena.PersonAsync("asker").ConfigureAwait(false), 1).ConfigureAwait(false);
            var person = await arena.PersonAsync("answerer").ConfigureAwait(false);
            var answerer = await arena.DeviceAsync(person, 1).ConfigureAwait(false);
            var late = p == 0 ? await arena.DeviceAsync(person, 2).ConfigureAwait(false) : null;
            var conversation = arena.Converse();
            conversation.Devices.AddRange(late is null ? [asker, answerer] : [asker, answerer, late]);
            var afterthoughts = new Afterthoughts(conversation, new Random(arena.Random.Next()), offset: p * 7);
            chats.Add(new Chat(arena, conversation, afterthoughts, asker, answerer, late, [.. lines.Where((_, i) => i % pairs == p)]));
        }

        await arena.StartAsync([.. chats.SelectMany(c => c.Conversation.Devices)]).ConfigureAwait(false);
        var restless = arena.Restless(chats.SelectMany(c => new[] { c.Asker, c.Answerer })).ToHashSet();
        foreach (var chat in chats)
        {
            chat.Late?.GoAway(Leave.Reset);
            chat.Absences = Absences.Draw(
                new[] { chat.Asker, chat.Answerer }.Where(restless.Contains), TimesAway, chat.Lines.Count * 2, LongestAbsence, arena.Random);
        }

        foreach (var chat in chats.Where((_, i) => i % 2 == 0))
        {
            chat.Conversation.Channel = (await arena.Api
                .CallAsync(chat.Asker.Token, (http, stop) => http.OpenDirectAsync(chat.Answerer.UserId, stop), arena.Waits.Ended)
                .ConfigureAwait(false)).Channel.Id;
        }

        await arena.PlayedAsync(() => Task.WhenAll(chats.Select(c => c.PlayAsync()))).ConfigureAwait(false);
    }

    private sealed class Chat(
        Arena arena,
        Conversation conversation,
        Afterthoughts afterthoughts,
        DeviceClient asker,
        DeviceClient answerer,
        DeviceClient? late,
        IReadOnlyList<QuestionAnswer> lines)
    {
        public Conversation Conversation => conversation;

        public DeviceClient Asker => asker;

        public DeviceClient Answerer => answerer;

        public DeviceClient? Late => late;

        public IReadOnlyList<QuestionAnswer> Lines => lines;

        public Absences Absences { get; set; } = new();

        public async Task PlayAsync()
        {
            await Task.Yield();
            for (var at = 0; at < lines.Count; at++)
            {
                await SayAsync(at * 2, asker, answerer, lines[at].Question).ConfigureAwait(false);
                await SayAsync((at * 2) + 1, answerer, asker, lines[at].Answer).ConfigureAwait(false);
            }

            await afterthoughts.FinishAsync().ConfigureAwait(false);
            await conversation.SettleAsync(late is null ? [] : [late]).ConfigureAwait(false);
        }

        private async Task SayAsync(int at, DeviceClient from, DeviceClient to, string text)
        {
            await arena.TurnAsync().ConfigureAwait(false);
            Absences.Reached(at);
            afterthoughts.Reached(at);
            var send = conversation.Submit(from, text, to.UserId);
            afterthoughts.Said(send, from, at);
            var id = await conversation.AcknowledgedAsync(send, from).ConfigureAwait(false);
            if (conversation.Channel is null)
            {
                conversation.Channel = send.Channel;
            }

            await conversation.ReachedAsync(to, id).ConfigureAwait(false);
        }
    }
}
