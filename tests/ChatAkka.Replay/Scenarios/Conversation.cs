using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Scenarios;

/// <summary>One channel of a scenario: its members' devices, and all that was sent to it. The judge gets it when it is over.</summary>
internal sealed class Conversation(Waits waits)
{
    private readonly List<Send> _sends = [];

    /// <summary>Its id; null until the server has given one.</summary>
    public string? Channel { get; set; }

    public List<DeviceClient> Devices { get; } = [];

    /// <summary>Submitted so far. Grows in one task.</summary>
    public IReadOnlyList<Send> Sends => _sends;

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

    /// <summary>Waits until a device has got to <paramref name="id"/>, calling it back if it is away.</summary>
    public Task ReachedAsync(DeviceClient device, long id)
    {
        device.Return();
        return waits.For(device.ReachedAsync(Channel!, id), () => $"{device.Progress(Channel!)} to get to id {id} of channel {Channel}");
    }

    /// <summary>Calls everyone back and waits until all have everything; those who stayed away to the end come last.</summary>
    public async Task SettleAsync(IReadOnlyCollection<DeviceClient> late)
    {
        var head = _sends.Max(s => s.Id);
        await Task.WhenAll(Devices.Except(late).Select(d => ReachedAsync(d, head))).ConfigureAwait(false);
        await Task.WhenAll(late.Select(d => ReachedAsync(d, head))).ConfigureAwait(false);
    }
}
