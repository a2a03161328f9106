using ChatAkka.Client;
using ChatAkka.Client.Events;
using ChatAkka.Client.Http;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Harness;

/// <summary>A user's device on one node, which takes everything that its client shows.</summary>
internal sealed class Guest : IAsyncDisposable
{
    private readonly List<ChatEvent> _events = [];
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    public Guest(ServerNode node, string token)
    {
        Token = token;
        Http = new ChatHttpClient(node.Uri, new SocketsHttpHandler { UseProxy = false }) { Token = token };
        Chat = new ChatClient(new ChatClientOptions { Token = token, Url = new Uri($"ws://{node.Http}/v1/ws") });
    }

    public string Token { get; }

    public ChatClient Chat { get; }

    /// <summary>To the same node.</summary>
    public ChatHttpClient Http { get; }

    public string UserId => Chat.UserId!;

    public async Task ConnectAsync()
    {
        _reading = ReadAsync();
        await Chat.ConnectAsync().Within("a client's first sync");
    }

    /// <summary>The events of a channel so far.</summary>
    public IReadOnlyList<ChannelEvent> In(string channel) => [.. All().OfType<ChannelEvent>().Where(e => e.Channel == channel)];

    /// <summary>It came already.</summary>
    public bool HasSeen<T>(Func<T, bool> isIt)
        where T : ChatEvent => All().OfType<T>().Any(isIt);

    /// <summary>What came until now doesn't count any more.</summary>
    public void Forget()
    {
        lock (_events)
        {
            _events.Clear();
        }
    }

    /// <summary>Waits for an event, which may have come already.</summary>
    public async Task<T> SeesAsync<T>(string what, Func<T, bool> isIt)
        where T : ChatEvent
    {
        while (true)
        {
            Task came;
            lock (_events)
            {
                if (_events.OfType<T>().FirstOrDefault(isIt) is { } found)
                {
                    return found;
                }

                came = _came.Task;
            }

            await came.Within(what);
        }
    }

    /// <summary>Waits until the server doesn't want the device any more, and says why.</summary>
    public async Task<string?> StoppedAsync()
    {
        await _reading.Within("the end of a client's events");
        return Chat.Error?.Code;
    }

    public async ValueTask DisposeAsync()
    {
        await Chat.DisposeAsync();
        await _reading.Within("the end of a client's events");
        Http.Dispose();
    }

    private ChatEvent[] All()
    {
        lock (_events)
        {
            return [.. _events];
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var e in Chat.Events)
        {
            TaskCompletionSource came;
            lock (_events)
            {
                _events.Add(e);
                came = _came;
                _came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            came.SetResult();
        }
    }
}
