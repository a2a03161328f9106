using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Decides what a session that has attached is sent before it goes live: first what lies between its device's cursors and the user's
/// positions; then, round by round, what came while that was sent; until nothing came.
/// </summary>
internal sealed class CatchUp(UserState state, Inbox inbox)
{
    /// <summary>Channels that the device has something of, and that aren't the user's any more: they were left while it was away. It is told.</summary>
    public IReadOnlyList<ChannelId> TellOfChannelsLeft(Session session, LoadedCursors loaded)
    {
        var left = loaded.Stored.Keys.Concat(loaded.Given?.Keys ?? []).Distinct().Where(channel => state.LeftSince(channel) is not null).ToArray();
        foreach (var channel in left)
        {
            session.Connection.Tell(new ChannelDisappeared(channel));
        }

        return left;
    }

    /// <summary>What the device missed before it attached, the channel of the oldest activity first.</summary>
    public IReadOnlyList<Stretch> Begin(Session session, LoadedCursors loaded, DeviceCursors cursors)
    {
        var missed = new List<(long At, Stretch Stretch)>();
        foreach (var channel in state.Channels)
        {
            var position = inbox[channel];
            var cursor = position.Plausible(cursors.ResumeAt(loaded, channel, state.JoinedAfter(channel)));
            session.SentTo![channel] = Math.Max(cursor, position.Head);
            if (cursor < position.Head)
            {
                session.ReadTold![channel] = position.Read;
                missed.Add((position.LastAt, inbox.StretchFrom(channel, cursor + 1, isFirst: true)));
            }
        }

        return [.. missed.OrderBy(m => m.At).Select(m => m.Stretch)];
    }

    /// <summary>What has come since the last round. Nothing, when the session has everything: then it has gone live.</summary>
    public IReadOnlyList<Stretch> Continue(Session session)
    {
        TellOfChannelsLeft(session);
        var missed = new List<Stretch>();
        foreach (var channel in state.Channels)
        {
            var head = inbox[channel].Head;
            var isFirst = !session.SentTo!.TryGetValue(channel, out var sentTo);
            sentTo = isFirst ? state.JoinedAfter(channel) : sentTo;
            if (head > sentTo)
            {
                session.SentTo[channel] = head;
                if (isFirst)
                {
                    session.ReadTold![channel] = inbox[channel].Read;
                }

                missed.Add(inbox.StretchFrom(channel, sentTo + 1, isFirst));
            }
        }

        if (missed.Count == 0)
        {
            GoLive(session);
        }

        return missed;
    }

    private void TellOfChannelsLeft(Session session)
    {
        foreach (var left in session.SentTo!.Keys.Where(channel => state.MemberSince(channel) is null).ToArray())
        {
            session.SentTo.Remove(left);
            session.Connection.Tell(new ChannelDisappeared(left));
        }
    }

    // Read on one is read on all: also on a device that was away, of channels of which it was sent nothing, and while it was sent something.
    private void TellOfReadCursors(Session session)
    {
        foreach (var channel in state.Channels)
        {
            var read = inbox[channel].Read;
            if (read > session.ReadTold!.GetValueOrDefault(channel))
            {
                session.Connection.Tell(new ReceiptChanges(channel, [new ReceiptChange(state.Id, 0, read)]));
            }
        }
    }

    private void GoLive(Session session)
    {
        TellOfReadCursors(session);
        foreach (var (channel, sentTo) in session.SentTo!)
        {
            if (sentTo > inbox[channel].Head)
            {
                session.Skip(channel, sentTo);
            }
        }

        session.GoLive();
    }
}
