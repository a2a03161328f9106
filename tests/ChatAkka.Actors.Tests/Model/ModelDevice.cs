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

    /// <summary>Replies to what it asked.</summary>
    public List<ChannelReply> Replies { get; } = [];

    public IActorRef? Connection { get; set; }

    public ModelSocket? Socket { get; set; }

    /// <summary>What its connection shows of others; null if that isn't one which watches.</summary>
    public ModelWatch? Watch { get; set; }

    /// <summary>One of a user's devices watches.</summary>
    public bool IsWatching => id.Value[^1] == '1';

    /// <summary>It said itself from where on it wants to be sent what there is.</summary>
    public bool HasGivenCursors { get; set; }

    public bool IsLive { get; private set; }

    /// <summary>Ends its connection.</summary>
    public void Drop()
    {
        IsLive = false;
        Connection?.Tell(PoisonPill.Instance);
        (Connection, Watch) = (null, null);
    }

    public void Take(object message)
    {
        switch (message)
        {
            case SyncChannel sync:
                Add(sync.View.Id, sync.Events);
                sync.More.ShouldBeFalse("no absence is that long here");
                Count(sync);
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
                break;
            case SessionUnavailable:
                Drop();
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
            // What happened while the user was a member; a member who asks for it may have all the rest, too.
            (model.WasMember(user, e.Id) || (HasGivenCursors && model.Roles.ContainsKey(user))).ShouldBeTrue($"{user} got {e}");
            if (timeline.Count > 0 && e.Id > timeline[^1].Id && model.Memberships.Exists(m => m.User == user && m.From == e.Id))
            {
                timeline.Clear(); // left while it was away, and joined anew: what was between is paged
            }

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

    private void Count(SyncChannel sync)
    {
        var model = ChannelModel.Of(truth.Timeline(sync.View.Id));
        sync.View.N.ShouldBe(model.CountUpTo(sync.View.Head));
        var joined = model.Memberships.Last(m => m.User == user && m.From <= sync.View.Head).From;
        sync.Read.ShouldBeGreaterThanOrEqualTo(joined - 1, $"what was there before {user} joined is read");
        sync.Unread.ShouldBe(sync.View.N - model.CountUpTo(sync.Read), $"unread on device {id} in {sync}");
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
