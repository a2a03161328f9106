using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// One connection of a device: tied to the user's actor as the gateway's are, by the same <see cref="SessionLink"/>, and telling of its end
/// as they do. What would be written to its socket is the device's, and is judged: no id twice, none left out, no second sync.
/// </summary>
internal sealed class ModelConnection(
    ModelDevice device, ModelSocket socket, ModelWatch? watch, IReadOnlyDictionary<ChannelId, long>? cursors, ModelNode node)
    : UntypedActor, IWithTimers
{
    private readonly Connection _connection = new(null!, node.Gateway);
    private readonly Dictionary<ChannelId, long> _written = [];
    private readonly ReceiptGuard _told = new();
    private SessionLink _link;
    private bool _isSynced;
    private bool _isOver;
    private long _liveSince;
    private int _failures;

    public ITimerScheduler Timers { get; set; } = null!;

    private LinkOwner Owner => new(_connection, node.Gateway, new Authenticated(device.User, device.Id), Self);

    private long Now => node.Gateway.Time.GetTimestamp();

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, TimeSpan.FromSeconds(1));
        _link.Begin(cursors, Now, Owner);
    }

    protected override void OnReceive(object arriving) => node.Verdicts.Check(() =>
    {
        var message = node.Network.Carry(arriving);
        // A connection that was replaced is none of the device's any more.
        if (message is ChannelReply reply)
        {
            node.Replies.Judge(reply);
            device.Take(reply);
        }
        else if (!_isOver && Self.Equals(device.Connection))
        {
            Take(message);
        }
    });

    protected override void PostStop()
    {
        node.Presence.Disconnect(socket);
        node.Absence.Attach(device.User, -1);
        if (_isSynced)
        {
            node.Absence.GoLive(device.User, -1);
        }
    }

    private void Take(object message)
    {
        switch (message)
        {
            case ISessionMessage said when _link.IsFrom(Sender):
                _link.Progress(node.Gateway.Time);
                Hear(said);
                break;
            case SessionAttached attached when _link.Take(attached, Sender):
                Context.Watch(Sender);
                _failures = 0;
                watch?.AskAgain(Self);
                _link.Advance(_isSynced, Now, Owner);
                break;
            case SessionInterrupted or Terminated:
                Lose(message is Terminated gone ? gone.ActorRef : Sender);
                break;
            case SessionUnavailable when !_isSynced && _link.IsFirstAttempt:
            case SessionReplaced or SessionRevoked:
                End();
                break;
            case SessionUnavailable when _link.Fail(Sender):
                _failures++;
                Context.Unwatch(Sender);
                break;
            case SessionChecked check:
                _link.Take(check);
                break;
            case Sweep when _link.LostSince is { } since && Now - since > node.Gateway.Ticks(ConnectionDeadlines.AttachTimeoutMs):
                // P4: only a store that never answers ends a session whose user's actor has crashed.
                (node.Store.IsFickle && (!_isSynced || _failures > 2)).ShouldBeTrue($"device {device.Id} is sent away");
                End();
                break;
            case Sweep:
                _link.Advance(_isSynced, Now, Owner);
                break;
            case DeliveredFrame delivered:
                Say(delivered, new ChannelId(delivered.Channel), channel => new MoveCursor(device.User, device.Id, channel, delivered.Id));
                break;
            case ReadFrame read:
                Say(read, new ChannelId(read.Channel), channel => new MoveReadCursor(device.User, channel, read.Id));
                break;
            default:
                watch?.Take(message, Self);
                break;
        }
    }

    private void Hear(ISessionMessage message)
    {
        switch (message)
        {
            case Delivery delivery:
                if (_link.Write(delivery) is { } news)
                {
                    Write(news.Channel, news.Events);
                    device.Take(news);
                }

                break;
            case SyncChannel sync:
                _isSynced.ShouldBeFalse($"device {device.Id} is synced");
                _link.Write(sync);
                Write(sync.View.Id, sync.Events);
                device.Take(sync);
                break;
            case SyncCompleted:
                GoLive();
                break;
            case ChannelAppeared appeared:
                _isSynced.ShouldBeTrue($"device {device.Id} isn't told of channels one by one");
                _link.Write(appeared, device.User);
                _written.TryAdd(appeared.View.Id, 0).ShouldBeTrue($"{appeared.View.Id} appears on device {device.Id}, which has it");
                _written.Remove(appeared.View.Id);
                break;
            case ChannelDisappeared disappeared:
                _link.Write(disappeared);
                _written.Remove(disappeared.Channel);
                device.Take(disappeared);
                break;
            case ReceiptChanges receipts:
                if (_told.NewsOf(receipts) is { } changes)
                {
                    device.Take(changes);
                }

                break;
            default:
                _link.Note(message);
                watch?.Take(message, Self);
                break;
        }
    }

    // P2: on one socket the ids of a channel ascend without a gap.
    private void Write(ChannelId channel, IEnumerable<ChannelEvent> events)
    {
        foreach (var e in events)
        {
            if (_written.TryGetValue(channel, out var last))
            {
                e.Id.ShouldBe(last + 1, $"in {channel} on one socket of device {device.Id}");
            }

            _written[channel] = e.Id;
        }
    }

    private void GoLive()
    {
        _liveSince = Now;
        _link.GoLive(Owner);
        if (!_isSynced)
        {
            _isSynced = true;
            node.Absence.GoLive(device.User, 1);
            device.Take(SyncCompleted.Instance);
            watch?.Take(SyncCompleted.Instance, Self);
        }
    }

    private void Lose(IActorRef user)
    {
        if (_link.Lose(user, _liveSince, Now, node.Gateway))
        {
            Context.Unwatch(user);
            _link.Advance(_isSynced, Now, Owner);
        }
    }

    private void Say(ClientFrame frame, ChannelId channel, Func<ChannelId, IUserMessage> move)
    {
        _link.Note(frame, channel);
        node.Users.Tell(move(channel), Self);
    }

    private void End()
    {
        _isOver = true;
        device.Take(SessionUnavailable.Instance);
    }

    private sealed class Sweep
    {
        public static readonly Sweep Instance = new();
    }
}

/// <summary>Takes what is answered to a device that isn't connected.</summary>
internal sealed class ModelAsker(ModelDevice device, ModelNode node) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is ChannelReply reply)
        {
            node.Verdicts.Check(() => node.Replies.Judge(reply));
            device.Take(reply);
        }
    }
}
