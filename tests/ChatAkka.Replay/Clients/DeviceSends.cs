using ChatAkka.Client;
using ChatAkka.Protocol;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Clients;

/// <summary>Gives a device's texts to its client, and takes the answers into its memory.</summary>
/// <param name="gate">The device's lock, which guards the memory; calls come under it.</param>
internal sealed class DeviceSends(Fleet fleet, DeviceMemory memory, Lock gate)
{
    /// <summary>Gives a text to the client; if that ends before the answer comes, it is to be given to the next.</summary>
    public void Give(Send send, ChatClient client, bool isConnected)
    {
        if (isConnected)
        {
            Note(send);
        }

        _ = SendAsync(send, client);
    }

    /// <summary>A text is on its way, for the first time or again.</summary>
    public void Note(Send send)
    {
        if (send.SentAt == 0)
        {
            send.SentAt = fleet.Time.GetTimestamp();
            fleet.Faults.Transmitted();
        }
    }

    private async Task SendAsync(Send send, ChatClient client)
    {
        var options = new SendOptions { ClientId = send.ClientId };
        try
        {
            var sending = send.Channel is { } channel
                ? client.SendAsync(channel, send.Text, options)
                : client.SendToAsync(send.To!, send.Text, options);
            var sent = await sending.ConfigureAwait(false);
            lock (gate)
            {
                Note(send); // the answer may be here before the news that the client is connected
                memory.Take(send, sent);
            }

            fleet.Waits.Moved();
        }
        catch (ChatException e) when (e.Code == ChatException.Closed || client.Error is not null)
        {
            return; // the program was ended: the next one repeats it
        }
        catch (ChatException e) when (e.Code == ErrorCodes.ChannelNotFound.Name && send.IsAcknowledged)
        {
            return; // a repeat by somebody who has left meanwhile
        }
        catch (Exception e)
        {
            fleet.Waits.Fail($"{send} failed: {e.Message}");
        }
    }
}
