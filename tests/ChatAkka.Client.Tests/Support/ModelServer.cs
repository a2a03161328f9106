using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ChatAkka.Client.Sockets;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Tests.Support;

/// <summary>
/// A server that keeps the protocol's promises over one device's connections and otherwise behaves as badly as it may: answers overtake
/// events, connections die at any moment, syncs are short. On demand it breaks a promise and leaves an event out.
/// </summary>
internal sealed class ModelServer(Random random) : IChatConnector
{
    private const int SyncLimit = 7;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _logs = [];
    private readonly Dictionary<string, (string Channel, int Id)> _stored = [];
    private Connection? _connection;

    /// <summary>Events of a channel so far: a client id, or nothing for somebody else's.</summary>
    public IReadOnlyList<string> Log(string channel)
    {
        lock (_lock)
        {
            return [.. _logs.GetValueOrDefault(channel) ?? []];
        }
    }

    /// <summary>Somebody else posts.</summary>
    /// <param name="leaveOut">The event isn't sent. The first of a channel always is: it alone says where the device begins.</param>
    public void Post(string channel, bool leaveOut)
    {
        lock (_lock)
        {
            var id = Append(channel, "");
            if (!leaveOut || id == 1)
            {
                _connection?.Waiting.Enqueue(Frames.Event(id, channel));
            }
        }
    }

    /// <summary>Some of the events that are on their way arrive.</summary>
    public void Deliver(int count)
    {
        lock (_lock)
        {
            while (count-- > 0 && _connection is { IsSynced: true } connection && connection.Waiting.TryDequeue(out var frame))
            {
                connection.Send(frame);
            }
        }
    }

    /// <summary>The connection dies, with everything that is on its way.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _connection?.End(CloseCode.Abnormal);
            _connection = null;
        }
    }

    public Task<IChatSocket> ConnectAsync(Uri url, CancellationToken cancel)
    {
        lock (_lock)
        {
            _connection?.End(CloseCode.Abnormal);
            _connection = new Connection(this);
            return Task.FromResult<IChatSocket>(_connection);
        }
    }

    private int Append(string channel, string clientId)
    {
        if (!_logs.TryGetValue(channel, out var log))
        {
            _logs[channel] = log = [];
        }

        log.Add(clientId);
        return log.Count;
    }

    private void Take(Connection connection, JsonElement frame)
    {
        lock (_lock)
        {
            if (connection != _connection)
            {
                return;
            }

            switch (frame.GetProperty("op").GetString())
            {
                case "hello":
                    Welcome(connection, frame);
                    break;
                case "send" when random.Next(10) == 0:
                    connection.Send($$"""{"op":"error","ref":"{{frame.GetProperty("ref").GetString()}}","code":"busy","message":"no","retry_ms":50}""");
                    break;
                case "send":
                    Store(connection, frame);
                    break;
            }
        }
    }

    private void Welcome(Connection connection, JsonElement hello)
    {
        connection.Send("""{"op":"ok","ref":"0","user_id":"42","device_id":"43"}""");
        foreach (var (channel, log) in _logs)
        {
            var cursor = hello.TryGetProperty("cursors", out var cursors) && cursors.TryGetProperty(channel, out var own) ? int.Parse(own.GetString()!) : 0;
            if (cursor < log.Count)
            {
                connection.Send(Frames.Sync(cursor + 1, Math.Min(cursor + SyncLimit, log.Count), log.Count, channel));
            }
        }

        connection.Send("""{"op":"synced"}""");
        connection.IsSynced = true;
    }

    private void Store(Connection connection, JsonElement send)
    {
        var (channel, clientId) = (send.GetProperty("channel").GetString()!, send.GetProperty("client_id").GetString()!);
        var isRepeat = _stored.TryGetValue(clientId, out var stored);
        if (!isRepeat)
        {
            _stored[clientId] = stored = (channel, Append(channel, clientId));
        }

        connection.Send(
            $$"""{"op":"ok","ref":"{{send.GetProperty("ref").GetString()}}","channel":"{{channel}}","id":"{{stored.Id}}","n":{{stored.Id}},"at":1,"duplicate":{{(isRepeat ? "true" : "false")}}}""");
    }

    private sealed class Connection(ModelServer server) : IChatSocket
    {
        private readonly Channel<ReceivedMessage> _toClient = Channel.CreateUnbounded<ReceivedMessage>();

        public bool IsSynced { get; set; }

        public Queue<string> Waiting { get; } = new();

        public void Send(string json) => _toClient.Writer.TryWrite(new ReceivedMessage(Encoding.UTF8.GetBytes(json), null));

        public void End(CloseCode code) => _toClient.Writer.TryWrite(new ReceivedMessage(default, code));

        public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancel) => _toClient.Reader.ReadAsync(cancel);

        public ValueTask SendAsync(ReadOnlyMemory<byte> text, CancellationToken cancel)
        {
            server.Take(this, JsonDocument.Parse(text).RootElement);
            return ValueTask.CompletedTask;
        }

        public ValueTask SendCloseAsync(CancellationToken cancel)
        {
            End(CloseCode.Normal);
            return ValueTask.CompletedTask;
        }

        public void Dispose()
        {
        }
    }
}
