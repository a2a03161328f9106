using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>
/// The connection of a device whose client does as the protocol says: it repeats, under the same client id, what was refused as unavailable
/// or isn't answered for long, and comes back when it is sent away. What it is told is checked when it comes; an exception here fails
/// whoever waits for it.
/// </summary>
internal sealed class DeviceActor : UntypedActor
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly FaultyNode _node;
    private readonly UserId _user;
    private readonly DeviceId _id;
    private readonly Dictionary<ChannelId, List<ChannelEvent>> _received = [];
    private readonly Dictionary<long, PostMessage> _requests = [];
    private readonly Dictionary<string, PostMessage> _unanswered = [];
    private readonly Dictionary<string, Posted> _acknowledged = [];
    private Device.AwaitLive? _awaitLive;
    private Device.Send? _send;
    private Device.AwaitHead? _awaitHead;
    private bool _isLive;
    private Exception? _failure;
    private long _lastRequest;

    public DeviceActor(FaultyNode node, UserId user, DeviceId id) => (_node, _user, _id) = (node, user, id);

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(RepeatAfter);
        Attach();
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            _failure ??= e;
        }

        Answer();
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case SyncCompleted:
                _isLive = true;
                break;
            case SessionUnavailable or SessionInterrupted:
                Attach();
                break;
            case SyncChannel sync:
                Receive(sync.View.Id, sync.Events);
                break;
            case Delivery delivery:
                Receive(delivery.Channel, delivery.Events);
                break;
            case Posted posted:
                Acknowledge(posted);
                break;
            case Refused refused:
                refused.Reason.ShouldBeOneOf(Refusal.Unavailable, Refusal.Busy);
                Repeat(_requests[refused.Request].ClientId);
                break;
            case ReceiveTimeout:
                foreach (var clientId in _unanswered.Keys.ToArray())
                {
                    Repeat(clientId);
                }

                break;
            case Device.AwaitLive wanted:
                _awaitLive = wanted;
                break;
            case Device.AwaitHead wanted:
                _awaitHead = wanted;
                break;
            case Device.ListAcknowledged list:
                list.Answer.SetResult(_acknowledged.Keys.ToHashSet());
                break;
            case Device.Send send:
                _send = send;
                foreach (var i in Enumerable.Range(send.From, send.Messages))
                {
                    Post(new PostMessage(send.Channel, _user, 0, _id, $"c{i}", $"text {i}", 0, [], MayOpen: false));
                }

                break;
        }
    }

    private void Attach() => _node.Users.Tell(new AttachSession(_user, _id, null), Self);

    private void Post(PostMessage post)
    {
        post = post with { Request = ++_lastRequest };
        _requests[post.Request] = _unanswered[post.ClientId] = post;
        _node.Channels.Tell(post, Self);
    }

    private void Repeat(string clientId)
    {
        if (_unanswered.TryGetValue(clientId, out var post))
        {
            Post(post);
        }
    }

    /// <summary>P1, P3: at this moment the message is stored under the id that is acknowledged, and it was always the same.</summary>
    private void Acknowledge(Posted posted)
    {
        var post = _requests[posted.Request];
        var stored = _node.Stored(posted.Channel, posted.Id, posted.Id).ShouldHaveSingleItem().ShouldBeOfType<MessagePosted>();
        (stored.ClientId, stored.Device, stored.Text).ShouldBe((post.ClientId, _id, post.Text));
        if (_acknowledged.TryAdd(post.ClientId, posted))
        {
            _unanswered.Remove(post.ClientId);
        }
        else
        {
            posted.Id.ShouldBe(_acknowledged[post.ClientId].Id, $"{post.ClientId} has one id");
        }
    }

    /// <summary>P2, P4: what comes continues what has come, or is a part of it.</summary>
    private void Receive(ChannelId channel, IEnumerable<ChannelEvent> events)
    {
        if (!_received.TryGetValue(channel, out var timeline))
        {
            _received[channel] = timeline = [];
        }

        foreach (var e in events)
        {
            if (timeline.Count == 0 || e.Id > timeline[^1].Id)
            {
                (timeline.Count == 0 || e.Id == timeline[^1].Id + 1).ShouldBeTrue($"event {e.Id} leaves a gap");
                timeline.Add(e);
            }
        }
    }

    private void Answer()
    {
        if (_failure is { } failure)
        {
            _awaitLive?.Answer.TrySetException(failure);
            _send?.Answer.TrySetException(failure);
            _awaitHead?.Answer.TrySetException(failure);
            return;
        }

        if (_isLive)
        {
            _awaitLive?.Answer.TrySetResult(true);
        }

        if (_unanswered.Count == 0)
        {
            _send?.Answer.TrySetResult(_acknowledged.ToDictionary());
        }

        if (_awaitHead is { } wanted && _received.TryGetValue(wanted.Channel, out var timeline) && timeline[^1].Id >= wanted.Head)
        {
            wanted.Answer.TrySetResult([.. timeline]);
        }
    }
}
