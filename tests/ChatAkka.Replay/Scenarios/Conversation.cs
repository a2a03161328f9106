using System.Collections.Immutable;
using ChatAkka.Client;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Scenarios;

/// <summary>One channel of a scenario: its members' devices, and all that was done in it. The judge gets it when it is over.</summary>
internal sealed class Conversation(Waits waits)
{
    private readonly List<Send> _sends = [];
    private readonly List<Deed> _deeds = [];
    private readonly List<DeviceClient> _busy = [];
    private readonly Lock _lock = new();

    /// <summary>Its id; null until the server has given one.</summary>
    public string? Channel { get; set; }

    /// <summary>Of everyone who is a member at some time.</summary>
    public List<DeviceClient> Devices { get; } = [];

    /// <summary>User ids of those who aren't members any more.</summary>
    public ImmutableHashSet<string> Gone { get; set; } = [];

    /// <summary>Submitted so far. Grows in one task.</summary>
    public IReadOnlyList<Send> Sends => _sends;

    /// <summary>What was done with messages so far, answered or not.</summary>
    public IReadOnlyList<Deed> Deeds
    {
        get
        {
            lock (_lock)
            {
                return [.. _deeds];
            }
        }
    }

    /// <summary>The devices of those who are members now.</summary>
    public IEnumerable<DeviceClient> Present => Devices.Where(d => !Gone.Contains(d.UserId));

    /// <summary>Submits a text through a device, calling it back if it is away.</summary>
    /// <param name="to">The other user, when the text is to open the direct channel.</param>
    public Send Submit(DeviceClient sender, string text, string? to = null)
    {
        var send = new Send(sender.Name, sender.UserId, $"{sender.Name}#{_sends.Count + 1}", text) { Channel = Channel, To = to };
        _sends.Add(send);
        sender.Return();
        sender.Post(send);
        return send;
    }

    /// <summary>Waits for a send's <c>ok</c>, calling its device back if it is away.</summary>
    public Task<long> AcknowledgedAsync(Send send, DeviceClient sender)
    {
        sender.Return();
        return waits.For(send.Acknowledged, () => $"the ok for {send} ({sender.Progress(Channel ?? "")})");
    }

    /// <summary>
    /// Does something with a message that stands, and waits for the answer, calling the device back if it is away. Nothing, if its user has
    /// left.
    /// </summary>
    public async Task DoAsync(DeviceClient device, EventKind kind, long target, string text)
    {
        if (Gone.Contains(device.UserId))
        {
            return;
        }

        var deed = new Deed(device.Name, device.UserId, kind, target, text);
        lock (_lock)
        {
            _deeds.Add(deed);
            _busy.Add(device);
        }

        device.Return();
        deed.Id = await waits.For(device.DoAsync(Act), () => $"the ok for {deed} ({device.Progress(Channel!)})").ConfigureAwait(false);
        waits.Moved();
        lock (_lock)
        {
            _busy.Remove(device);
        }

        Task<long> Act(ChatClient client) => kind switch
        {
            EventKind.Edited => client.EditAsync(Channel!, target, text),
            EventKind.Deleted => client.DeleteAsync(Channel!, target),
            EventKind.Reacted => client.ReactAsync(Channel!, target, text),
            EventKind.Unreacted => client.UnreactAsync(Channel!, target, text),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Calls back the devices that went away before what they were doing was answered.</summary>
    public void CallBusyBack()
    {
        lock (_lock)
        {
            _busy.ForEach(d => d.Return());
        }
    }

    /// <summary>Waits until a device has got to <paramref name="id"/>, calling it back if it is away.</summary>
    public Task ReachedAsync(DeviceClient device, long id)
    {
        device.Return();
        return waits.For(device.ReachedAsync(Channel!, id), () => $"{device.Progress(Channel!)} to get to id {id} of channel {Channel}");
    }

    /// <summary>
    /// Calls everyone back and waits until all have everything; those who stayed away to the end come last. Then some read all there is,
    /// and everyone's devices are waited for to learn what was read.
    /// </summary>
    public async Task SettleAsync(IReadOnlyCollection<DeviceClient> late)
    {
        var head = Math.Max(_sends.Max(s => s.Id), Deeds.Select(d => d.Id).DefaultIfEmpty().Max());
        await Task.WhenAll(Present.Except(late).Select(d => ReachedAsync(d, head))).ConfigureAwait(false);
        await Task.WhenAll(late.Select(d => ReachedAsync(d, head))).ConfigureAwait(false);
        foreach (var device in Present.Where((_, number) => number % 3 == 1))
        {
            device.ReadAll(Channel!);
        }

        foreach (var devices in Present.GroupBy(d => d.UserId))
        {
            var read = devices.Max(d => d.LogOf(Channel!).MarkedRead);
            await Task.WhenAll(devices.Select(d => ToldReadAsync(d, read))).ConfigureAwait(false);
        }
    }

    private Task ToldReadAsync(DeviceClient device, long id) => waits.For(
        device.ToldReadAsync(Channel!, id),
        () => $"{device.Progress(Channel!)} to be told that its user has read up to {id} of channel {Channel}");
}
