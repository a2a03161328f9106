using Akka.Actor;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// A device as its owner has it: what it has of each channel survives its connections. It checks by itself what no device may ever see.
/// </summary>
internal sealed class ModelDevice(UserId user, DeviceId id, TestStore truth)
{
    private readonly Dictionary<(ChannelId, UserId), (long Delivered, long Read)> _receipts = [];

    public UserId User => user;

    public DeviceId Id => id;

    /// <summary>What it has, by channel: events without a gap.</summary>
    public Dictionary<ChannelId, List<ChannelEvent>> Timelines { get; } = [];

    /// <summary>The user's own read cursor as it shows it.</summary>
    public Dictionary<ChannelId, long> Read { get; } = [];

    /// <summary>What <c>sync</c> said when the device came back last.</summary>
    public Dictionary<ChannelId, (long Unread, long N)> Unread { get; } = [];

    /// <summary>Replies to what it asked.</summary>
    public List<ChannelReply> Replies { get; } = [];

    public IActorRef? Connection { get; set; }

    public bool IsLive { get; set; }

    public void Take(object message)
    {
        switch (message)
        {
            case SyncChannel sync:
                Add(sync.View.Id, sync.Events);
                sync.More.ShouldBeFalse("no absence is that long here");
                Unread[sync.View.Id] = (sync.Unread, sync.View.N);
                See(sync.View.Id, new ReceiptChange(user, 0, sync.Read));
                break;
            case Delivery delivery:
                Add(delivery.Channel, delivery.Events);
                break;
            case ReceiptChanges receipts:
                foreach (var change in receipts.Changes)
                {
                    See(receipts.Channel, change);
                }

                break;
            case SyncCompleted:
                IsLive = true;
                break;
            case ChannelDisappeared gone:
                Timelines.Remove(gone.Channel);
                Read.Remove(gone.Channel);
                Unread.Remove(gone.Channel);
                break;
            case SessionUnavailable or SessionReplaced or SessionRevoked:
                IsLive = false;
                Connection?.Tell(PoisonPill.Instance);
                Connection = null;
                break;
            case ChannelReply reply:
                Replies.Add(reply);
                break;
        }
    }

    private void Add(ChannelId channel, IEnumerable<ChannelEvent> events)
    {
        if (!Timelines.TryGetValue(channel, out var timeline))
        {
            Timelines[channel] = timeline = [];
        }

        var model = ChannelModel.Of(truth.Timeline(channel));
        foreach (var e in events)
        {
            // Who is a member may have all of it, who isn't any more, what was posted before.
            (model.Roles.ContainsKey(user) || model.WasMember(user, e.Id)).ShouldBeTrue($"{user} got {e}");
            if (timeline.Count == 0 || e.Id == timeline[^1].Id + 1)
            {
                timeline.Add(e);
            }
            else
            {
                e.Id.ShouldBeLessThanOrEqualTo(timeline[^1].Id, $"device {id} has a gap in channel {channel}");
                if (e.Id >= timeline[0].Id)
                {
                    timeline[(int)(e.Id - timeline[0].Id)].ToString().ShouldBe(e.ToString(), "an event never changes");
                }
            }
        }
    }

    private void See(ChannelId channel, ReceiptChange change)
    {
        var (delivered, read) = _receipts.GetValueOrDefault((channel, change.User));
        (change.Delivered == 0 || change.Delivered >= delivered).ShouldBeTrue($"delivered of {change.User} went back on device {id}");
        (change.Read == 0 || change.Read >= read).ShouldBeTrue($"read of {change.User} went back on device {id}");
        _receipts[(channel, change.User)] = (Math.Max(delivered, change.Delivered), Math.Max(read, change.Read));
        if (change.User == user)
        {
            Read[channel] = Math.Max(Read.GetValueOrDefault(channel), change.Read);
        }
    }
}

/// <summary>One connection of a device.</summary>
internal sealed class ModelConnection(ModelDevice device) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        // A connection that was replaced is none of the device's any more.
        if (Self.Equals(device.Connection) || message is ChannelReply)
        {
            device.Take(message);
        }
    }
}
