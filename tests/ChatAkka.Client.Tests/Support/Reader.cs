using ChatAkka.Client.Events;

namespace ChatAkka.Client.Tests.Support;

/// <summary>The program: takes events one at a time, when the test says so.</summary>
internal sealed class Reader(ChatClient client) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ChatEvent> _events = client.Events.GetAsyncEnumerator();

    /// <summary>The next event; null at the end.</summary>
    public async Task<ChatEvent?> NextAsync() =>
        await _events.MoveNextAsync().AsTask().Within("an event") ? _events.Current : null;

    /// <summary>The next event of a kind; others are passed over.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? wants = null)
        where T : ChatEvent
    {
        while (await NextAsync() is { } e)
        {
            if (e is T wanted && (wants?.Invoke(wanted) ?? true))
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"the stream ended before a {typeof(T).Name}");
    }

    /// <summary>The ids of so many of a channel's next events.</summary>
    public async Task<IReadOnlyList<long>> IdsAsync(int count, string channel = "5")
    {
        List<long> ids = [];
        while (ids.Count < count)
        {
            ids.Add((await NextAsync<ChannelEvent>(e => e.Channel == channel)).Id);
        }

        return ids;
    }

    /// <summary>All events up to the one of the channel that has an id.</summary>
    public async Task<IReadOnlyList<ChatEvent>> TakeUntilAsync(long id, string channel = "5")
    {
        List<ChatEvent> events = [];
        while (events.LastOrDefault() is not ChannelEvent last || last.Id != id || last.Channel != channel)
        {
            events.Add(await NextAsync() ?? throw new InvalidOperationException($"the stream ended before event {id}"));
        }

        return events;
    }

    /// <summary>Asks for the next event and doesn't wait: the program is done with the last one.</summary>
    public Task<bool> AskAsync() => _events.MoveNextAsync().AsTask();

    public ValueTask DisposeAsync() => _events.DisposeAsync();
}
