using System.Buffers.Text;
using System.Text;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Chat;

/// <summary>
/// One client of ChatAkka's protocol: says <c>hello</c> with an integrator's token, sends, answers every burst of events with one
/// <c>delivered</c>, and keeps account of what came.
/// </summary>
internal sealed class ChatSession(LoadLoop loop, int number, string token) : ClientSocket(loop, "/v1/ws", "chatakka.v1")
{
    private const int DeliveredMaxLength = 256;

    // The channel of the events and answers that came last, and the highest id of the events that no `delivered` has told yet.
    private byte[] _channel = [];
    private long _highestOfBurst;
    private SendTemplate? _template;

    /// <summary>Its user's and its own number.</summary>
    public int Number => number;

    public string Token => token;

    public string UserId { get; private set; } = "";

    /// <summary>It has seen <c>synced</c>.</summary>
    public bool IsReady { get; private set; }

    public ITrafficSink? Sink { get; set; }

    public IPresenceSink? PresenceSink { get; set; }

    /// <summary>The server has taken the users whom it watches.</summary>
    public bool IsWatching { get; private set; }

    public Faults Faults { get; } = new();

    /// <summary>Messages of the one session that this one hears from.</summary>
    public SequenceCheck Incoming { get; } = new();

    /// <summary>Answers to this session's sends.</summary>
    public SequenceCheck Acknowledged { get; } = new();

    /// <summary>Ids of the channel, of events and answers alike.</summary>
    public IdCheck Ids { get; } = new();

    /// <summary>Channels that it was synced.</summary>
    public int Syncs { get; private set; }

    /// <summary>Annotations that were answered.</summary>
    public int Annotated { get; private set; }

    /// <summary>Messages sent.</summary>
    public long Sent { get; private set; }

    /// <summary>The channel that it last heard of.</summary>
    public string Channel => Encoding.ASCII.GetString(_channel);

    /// <summary>From now on messages go to the direct channel with this user.</summary>
    public void SendToUser(string userId) => _template = new SendTemplate($"\"to\":\"{userId}\"", number);

    /// <summary>From now on messages go to this channel.</summary>
    public void SendToChannel(string channel) => _template = new SendTemplate($"\"channel\":\"{channel}\"", number);

    /// <summary>Sends the next message; returns its number.</summary>
    public long Send()
    {
        if (Failure is null)
        {
            var template = _template!;
            template.Write(Reserve(template.Length), Sent);
            Commit(template.Length);
        }

        return Sent++;
    }

    /// <summary>Asks to be told when users come and go.</summary>
    public void Watch(IEnumerable<string> users) => Write(Encoding.ASCII.GetBytes(
        $"{{\"op\":\"watch\",\"ref\":\"watch\",\"users\":[{string.Join(',', users.Select(user => $"\"{user}\""))}]}}"));

    public void Heartbeat() => Write("{\"op\":\"heartbeat\"}"u8);

    /// <summary>Edits a message of a channel, or reacts to it.</summary>
    public void Annotate(string channel, long id, string op, string value) => Write(Encoding.ASCII.GetBytes(
        $"{{\"op\":\"{op}\",\"ref\":\"annotate\",\"channel\":\"{channel}\",\"id\":\"{id}\",\"{(op == "edit" ? "text" : "emoji")}\":\"{value}\"}}"));

    protected override void OnOpened() => Write(Encoding.ASCII.GetBytes($"{{\"op\":\"hello\",\"ref\":\"hello\",\"token\":\"{token}\"}}"));

    protected override void OnFrame(ReadOnlySpan<byte> frame)
    {
        var op = Json.Text(frame, "\"op\":\""u8);
        if (op.SequenceEqual("event"u8))
        {
            OnEvent(frame);
        }
        else if (op.SequenceEqual("ok"u8))
        {
            OnOk(frame);
        }
        else if (op.SequenceEqual("synced"u8))
        {
            IsReady = true;
        }
        else if (op.SequenceEqual("error"u8))
        {
            Faults.Errors++;
            Faults.FirstError ??= Encoding.UTF8.GetString(frame);
            if (!IsReady)
            {
                Fail(Faults.FirstError);
            }
        }
        else if (op.SequenceEqual("sync"u8))
        {
            Syncs++;
        }
        else if (op.SequenceEqual("presence"u8))
        {
            var user = Encoding.ASCII.GetString(Json.Text(frame, "\"user\":\""u8));
            PresenceSink?.OnPresence(this, user, Json.Text(frame, "\"status\":\""u8).SequenceEqual("online"u8));
        }
        else if (!op.SequenceEqual("channel"u8) && !op.SequenceEqual("receipt"u8))
        {
            Faults.Unknown++;
            Faults.FirstError ??= "unknown frame " + Encoding.UTF8.GetString(frame[..Math.Min(frame.Length, 200)]);
        }
    }

    protected override void OnBurst()
    {
        if (_highestOfBurst > 0)
        {
            var frame = BeginFrame(DeliveredMaxLength);
            var length = 0;
            Append(frame, ref length, "{\"op\":\"delivered\",\"channel\":\""u8);
            Append(frame, ref length, _channel);
            Append(frame, ref length, "\",\"id\":\""u8);
            Utf8Formatter.TryFormat(_highestOfBurst, frame[length..], out var digits);
            length += digits;
            Append(frame, ref length, "\"}"u8);
            EndFrame(length);
            _highestOfBurst = 0;
        }
    }

    private static void Append(Span<byte> frame, ref int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(frame[length..]);
        length += part.Length;
    }

    private void OnEvent(ReadOnlySpan<byte> frame)
    {
        var id = MessageBody.ReadDigits(Json.Text(frame, "\"id\":\""u8));
        SetChannel(frame);
        _highestOfBurst = Math.Max(_highestOfBurst, id);
        Ids.AddEvent(id);
        if (!Json.Text(frame, "\"type\":\""u8).SequenceEqual("message"u8))
        {
            return;
        }

        if (MessageBody.TryRead(Json.Text(frame, "\"text\":\""u8), out var sender, out var message))
        {
            Sink?.OnMessage(this, sender, message);
        }
        else
        {
            Faults.Corrupted++;
        }
    }

    private void OnOk(ReadOnlySpan<byte> frame)
    {
        var reference = Json.Text(frame, "\"ref\":\""u8);
        if (!IsReady && reference.SequenceEqual("hello"u8))
        {
            UserId = Encoding.ASCII.GetString(Json.Text(frame, "\"user_id\":\""u8));
            return;
        }

        if (reference.SequenceEqual("watch"u8))
        {
            IsWatching = true;
            return;
        }

        if (reference.SequenceEqual("annotate"u8))
        {
            Annotated++;
            return;
        }

        var message = MessageBody.ReadDigits(reference);
        if (message < 0)
        {
            Faults.Unknown++;
        }
        else if (Acknowledged.Accept(message))
        {
            SetChannel(frame);
            Ids.AddAnswer(MessageBody.ReadDigits(Json.Text(frame, "\"id\":\""u8)));
            Sink?.OnAcknowledged(this, message);
        }
    }

    private void SetChannel(ReadOnlySpan<byte> frame)
    {
        var channel = Json.Text(frame, "\"channel\":\""u8);
        if (!channel.SequenceEqual(_channel))
        {
            OnBurst();
            _channel = channel.ToArray();
        }
    }

    private void Write(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(BeginFrame(payload.Length));
        EndFrame(payload.Length);
    }
}
