using ChatAkka.Client.Events;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Clients;

/// <summary>Takes everything that a client shows.</summary>
internal sealed class EventLog
{
    private readonly List<ChatEvent> _events = [];
    private readonly Task _reading;

    public EventLog(ChatAkka.Client.ChatClient client) => _reading = ReadAsync(client);

    /// <summary>Ends with the stream.</summary>
    public Task Ended => Wait.ForAsync("the end of the stream", _reading);

    public IReadOnlyList<ChatEvent> All
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The ids of a channel's events so far.</summary>
    public IEnumerable<long> Ids(string channel) => All.OfType<ChannelEvent>().Where(e => e.Channel == channel).Select(e => e.Id);

    /// <summary>The texts of a channel so far.</summary>
    public IEnumerable<string> Texts(string channel) => All.OfType<MessageReceived>().Where(e => e.Channel == channel).Select(e => e.Text);

    public Task ReachedAsync(string channel, long id) =>
        Wait.UntilAsync($"event {id} of channel {channel}", () => Ids(channel).Contains(id), TimeSpan.FromSeconds(60));

    private async Task ReadAsync(ChatAkka.Client.ChatClient client)
    {
        await foreach (var e in client.Events)
        {
            lock (_events)
            {
                _events.Add(e);
            }
        }
    }
}
