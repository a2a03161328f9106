using ChatAkka.Replay.Clients;

namespace ChatAkka.Replay.Scenarios;

/// <summary>
/// When which device of a conversation goes away and comes back, in numbers of messages. A device whose turn it is to speak or to answer
/// is called back earlier by the conversation.
/// </summary>
internal sealed class Absences
{
    private readonly PriorityQueue<(DeviceClient Device, Leave? Leave), int> _due = new();

    /// <param name="restless">The devices that don't stay.</param>
    /// <param name="times">How often each goes, at most (at least once).</param>
    /// <param name="messages">Length of the conversation.</param>
    /// <param name="longest">Messages that an absence lasts at most.</param>
    public static Absences Draw(IEnumerable<DeviceClient> restless, int times, int messages, int longest, Random random)
    {
        var absences = new Absences();
        foreach (var device in restless)
        {
            for (var left = 1 + random.Next(times); left > 0 && messages > 1; left--)
            {
                var from = random.Next(messages);
                absences._due.Enqueue((device, (Leave)random.Next(3)), from);
                absences._due.Enqueue((device, null), from + 1 + random.Next(longest));
            }
        }

        return absences;
    }

    /// <summary>The conversation has got to message <paramref name="at"/>.</summary>
    public void Reached(int at)
    {
        while (_due.TryPeek(out var change, out var when) && when <= at)
        {
            _due.Dequeue();
            if (change.Leave is not { } how)
            {
                change.Device.Return();
            }
            else if (change.Device.IsWanted)
            {
                change.Device.GoAway(how);
            }
        }
    }
}
