using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// Which pushes are owed: who was there when, what their devices have said to have, and where they are members and want to be told. Also
/// the delivery log, which may forget a channel only when nothing is owed of it that isn't stored.
/// </summary>
internal sealed class ModelAbsence : IDeliveryLog
{
    private readonly FickleStore _store;
    private readonly TimeProvider _time;
    private readonly Verdicts _verdicts;
    private readonly Past<UserId, int> _attached;
    private readonly Past<UserId, int> _live;
    private readonly Past<(UserId, ChannelId), bool> _wanted;
    private readonly Past<(UserId, ChannelId), long> _received;
    private readonly Dictionary<(UserId, ChannelId), long> _said = [];

    // The user wants to be told of what comes after this event.
    private readonly Dictionary<(UserId, ChannelId), long> _wantedAfter = [];
    private readonly Dictionary<(ChannelId, long), long> _committedAt = [];
    private readonly Dictionary<ChannelId, long> _settled = [];

    public ModelAbsence(FickleStore store, TimeProvider time, Verdicts verdicts)
    {
        (_store, _time, _verdicts) = (store, time, verdicts);
        (_attached, _live) = (new(time, 0), new(time, 0));
        (_wanted, _received) = (new(time, false), new(time, 0));
        Outbox = new ModelOutbox(store, time, request => verdicts.Check(() => JudgeRow(request)));
    }

    public ModelOutbox Outbox { get; }

    /// <summary>A connection of the user has begun (1) or ended (-1).</summary>
    public void Attach(UserId user, int change) => _attached[user] += change;

    /// <summary>A connection of the user has got everything (1), or ended after that (-1).</summary>
    public void GoLive(UserId user, int change) => _live[user] += change;

    /// <summary>A device has said to have everything, or to have read it, up to there.</summary>
    public void Say(UserId user, ChannelId channel, long id) =>
        _said[(user, channel)] = Math.Max(_said.GetValueOrDefault((user, channel)), id);

    public void OnReceipts(IReadOnlyCollection<Receipt> receipts)
    {
        foreach (var receipt in receipts)
        {
            var key = (receipt.User, receipt.Channel);
            _received[key] = Math.Max(_received[key], Math.Max(receipt.Delivered, receipt.Read));
        }
    }

    public void OnChannelEvent(ChannelId channel, ChannelEvent e) => _committedAt[(channel, e.Id)] = _time.GetTimestamp();

    public void OnUserEvent(UserId user, object e)
    {
        switch (e)
        {
            case ChannelJoined joined:
                (_wanted[(user, joined.Channel)], _wantedAfter[(user, joined.Channel)]) = (true, joined.ChangeId - 1);
                break;
            case ChannelLeft left:
                _wanted[(user, left.Channel)] = false;
                break;
            case MuteChanged mute:
                (_wanted[(user, mute.Channel)], _wantedAfter[(user, mute.Channel)]) =
                    (!mute.IsMuted, _store.Truth.Timeline(mute.Channel).Count);
                break;
        }
    }

    /// <summary>A settled moment: who is there has no row, who isn't has one for every channel that has something.</summary>
    /// <param name="isAllDelivered">False: channels that crashed may still have to deliver what they never called settled.</param>
    public void Judge(IEnumerable<UserId> users, IReadOnlyList<ChannelId> channels, bool isAllDelivered = true)
    {
        foreach (var user in users)
        {
            if (_live[user] > 0)
            {
                Outbox.Of(user).ShouldBeEmpty($"{user} is back");
                continue;
            }

            foreach (var channel in channels)
            {
                var head = isAllDelivered ? long.MaxValue : _settled.GetValueOrDefault(channel);
                if (Owed(user, channel, head).FirstOrDefault() is { } message)
                {
                    Outbox.Find(user, channel).ShouldNotBeNull($"{user}, who isn't there, was sent {message} in {channel}");
                }
            }
        }
    }

    /// <summary>Forgets nothing here: every crash asks anew. Judges that the members have everything, or are owed it.</summary>
    public Task SettledAsync(ChannelId channel, long head, CancellationToken cancel)
    {
        _settled[channel] = Math.Max(_settled.GetValueOrDefault(channel), head);
        _verdicts.Check(() => JudgeSettled(channel, head));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ChannelId>> TakeUpAsync(long before, long now, int limit, CancellationToken cancel) =>
        throw new InvalidOperationException("no actor asks this");

    private void JudgeSettled(ChannelId channel, long head)
    {
        foreach (var user in ChannelModel.Of(_store.Truth.Timeline(channel)).Roles.Keys)
        {
            foreach (var message in Owed(user, channel, head))
            {
                var since = _committedAt[(channel, message.Id)];
                if (_attached.Since(user, since).All(connections => connections == 0))
                {
                    Outbox.Had(user, channel, since).ShouldBeTrue($"{user} has acknowledged {message} in {channel}, but no push is stored");
                }
            }
        }
    }

    private IEnumerable<MessagePosted> Owed(UserId user, ChannelId channel, long head)
    {
        if (!_wanted[(user, channel)])
        {
            return [];
        }

        var after = Math.Max(_said.GetValueOrDefault((user, channel)), _wantedAfter[(user, channel)]);
        return _store.Truth.Timeline(channel).OfType<MessagePosted>().Where(m => m.Id > after && m.Id <= head && m.From != user);
    }

    // What is owed is decided a moment before it is stored.
    private void JudgeRow(PushRequest request)
    {
        var key = (request.User, request.Channel);
        var message = _store.Truth.Timeline(request.Channel)[(int)request.MessageId - 1].ShouldBeOfType<MessagePosted>();
        message.From.ShouldNotBe(request.User, "nobody is told of what they said");
        request.At.ShouldBe(message.At);
        _wanted.Lately(key).ShouldContain(true, $"{request} of a channel that is muted or left");
        _live.Lately(request.User).ShouldContain(0, $"{request} of a user who is there");
        _received.Lately(key).Min().ShouldBeLessThan(request.MessageId, $"{request} of what a device has");
    }
}
