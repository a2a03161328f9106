using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Scenarios;

/// <summary>
/// What people do with messages after they were posted: authors edit some at once and some long after, edit them twice, delete some; others
/// react, and some take that back. What is done to one message is done one after the other, all else beside the talk. Belongs to the
/// conversation's task.
/// </summary>
/// <param name="offset">Shifts which messages are chosen.</param>
internal sealed class Afterthoughts(Conversation conversation, Random random, int offset)
{
    private const int Soon = 30;
    private const int Late = 400;
    private static readonly string[] Emojis = ["👍", "❤️", "😂", "👩‍💻"];

    private readonly PriorityQueue<Func<Task>, int> _due = new();
    private readonly List<Task> _running = [];

    /// <summary>A message was submitted as number <paramref name="at"/> of the conversation.</summary>
    public void Said(Send send, DeviceClient author, int at)
    {
        var number = at + offset;
        switch (number % 100)
        {
            case 7 or 57:
                Plan(at, 1, send, author, id => conversation.DoAsync(author, EventKind.Edited, id, $"{send.Text} (edited)"));
                break;
            case 23:
                Plan(at, Late, send, author, id => EditTwiceAsync(author, id, send.Text));
                break;
            case 31:
                Plan(at, Soon, send, author, id => conversation.DoAsync(author, EventKind.Deleted, id, ""));
                break;
            case 73:
                var bystander = Bystander();
                Plan(at, Late, send, author, id => EditReactDeleteAsync(author, bystander, id, send.Text));
                break;
            case 5 or 45:
                var (first, second) = (Bystander(), Bystander());
                Plan(at, Soon, send, author, id => ReactAsync(first, second, id, takesBack: number % 100 == 5));
                break;
        }
    }

    /// <summary>The conversation has got to message <paramref name="at"/>.</summary>
    public void Reached(int at)
    {
        _running.RemoveAll(t => t.IsCompletedSuccessfully);
        while (_due.TryPeek(out _, out var when) && when <= at)
        {
            _running.Add(_due.Dequeue()());
        }
    }

    /// <summary>Waits for what was begun, not for what is to come. Nobody may go away meanwhile.</summary>
    public Task BegunAsync()
    {
        conversation.CallBusyBack();
        return Task.WhenAll(_running);
    }

    /// <summary>Does what is still to come, and waits for it.</summary>
    public Task FinishAsync()
    {
        Reached(int.MaxValue);
        return BegunAsync();
    }

    private DeviceClient Bystander()
    {
        var present = conversation.Present.Where(d => d.IsWanted).ToArray();
        return present[random.Next(present.Length)];
    }

    private void Plan(int at, int within, Send send, DeviceClient author, Func<long, Task> act) =>
        _due.Enqueue(() => ActAsync(send, author, act), at + 1 + random.Next(within));

    private async Task ActAsync(Send send, DeviceClient author, Func<long, Task> act)
    {
        var id = await conversation.AcknowledgedAsync(send, author).ConfigureAwait(false);
        await act(id).ConfigureAwait(false);
    }

    private async Task EditTwiceAsync(DeviceClient author, long id, string text)
    {
        await conversation.DoAsync(author, EventKind.Edited, id, $"{text} (edited)").ConfigureAwait(false);
        await conversation.DoAsync(author, EventKind.Edited, id, $"{text} (edited again)").ConfigureAwait(false);
    }

    private async Task EditReactDeleteAsync(DeviceClient author, DeviceClient bystander, long id, string text)
    {
        await conversation.DoAsync(author, EventKind.Edited, id, $"{text} (edited)").ConfigureAwait(false);
        await conversation.DoAsync(bystander, EventKind.Reacted, id, Emojis[0]).ConfigureAwait(false);
        await conversation.DoAsync(author, EventKind.Deleted, id, "").ConfigureAwait(false);
    }

    private async Task ReactAsync(DeviceClient first, DeviceClient second, long id, bool takesBack)
    {
        var (one, other) = (Emojis[id % Emojis.Length], Emojis[(id + 1) % Emojis.Length]);
        await conversation.DoAsync(first, EventKind.Reacted, id, one).ConfigureAwait(false);
        await conversation.DoAsync(second, EventKind.Reacted, id, other).ConfigureAwait(false);
        await conversation.DoAsync(second, EventKind.Reacted, id, one).ConfigureAwait(false);
        if (takesBack)
        {
            await conversation.DoAsync(first, EventKind.Unreacted, id, one).ConfigureAwait(false);
        }
    }
}
