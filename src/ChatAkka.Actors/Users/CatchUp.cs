using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Decides what a session that has attached is sent before it goes live: first what lies between its device's cursors and the user's
/// positions; then, round by round, what came while that was sent; until nothing came. A session that resumes is sent what lies above
/// its cursors and what it was sent before, whichever is higher.
/// </summary>
internal sealed class CatchUp(UserState state, Inbox inbox)
{
    /// <summary>
    /// Channels that the device has something of, and that aren't the user's any more: they were left while it was away. It is told.
    /// </summary>
    public IReadOnlyList<ChannelId> TellOfChannelsLeft(Session session, LoadedCursors loaded)
    {
        var known = loaded.Stored.Keys.Concat(loaded.Given?.Keys ?? []).Concat(session.Resume?.Sent.Keys ?? []).Distinct();
        var left = known.Where(channel => state.LeftSince(channel) is not null).ToArray();
        foreach (var channel in left)
        {
            if (session.Resume?.KnowsAsLeft(channel) != true)
            {
                session.Connection.Tell(new ChannelDisappeared(channel));
            }
        }

        return left;
    }

    /// <summary>What the device missed before it attached, the channel of the oldest activity first.</summary>
    public IReadOnlyList<Stretch> Begin(Session session, LoadedCursors loaded, DeviceCursors cursors)
    {
        var missed = new List<(long At, Stretch Stretch)>();
        Dictionary<ChannelId, long>? ahead = null;
        foreach (var channel in state.Channels)
        {
            var position = inbox[channel];
            var joinedAfter = state.JoinedAfter(channel);
            var cursor = position.Plausible(cursors.ResumeAt(loaded, channel, joinedAfter));
            if (cursor > Math.Max(joinedAfter, loaded.Stored.GetValueOrDefault(channel)))
            {
                (ahead ??= [])[channel] = cursor;
            }

            var (from, kind) = Resume(session, loaded, channel, cursor);
            session.SentTo![channel] = Math.Max(from, position.Head);
            if (from < position.Head || kind == StretchKind.Appearance)
            {
                if (kind == StretchKind.Sync)
                {
                    session.ReadTold![channel] = position.Read;
                }

                missed.Add((position.LastAt, inbox.StretchFrom(channel, from + 1, kind)));
            }
        }

        if (ahead is not null)
        {
            session.Connection.Tell(new CursorsAhead(ahead));
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
            var isNew = !session.SentTo!.TryGetValue(channel, out var sentTo);
            sentTo = isNew ? state.JoinedAfter(channel) : sentTo;
            if (head > sentTo)
            {
                session.SentTo[channel] = head;
                var kind = isNew ? KindOfNew(session) : StretchKind.Tail;
                if (kind == StretchKind.Sync)
                {
                    session.ReadTold![channel] = inbox[channel].Read;
                }

                missed.Add(inbox.StretchFrom(channel, sentTo + 1, kind));
            }
        }

        if (missed.Count == 0)
        {
            GoLive(session);
        }

        return missed;
    }

    // After the first sync there are no sync frames any more.
    private static StretchKind KindOfNew(Session session) =>
        session.Resume is { IsSynced: true } ? StretchKind.Appearance : StretchKind.Sync;

    // The event up to which the device has the channel, and how it is told of what follows.
    private (long From, StretchKind Kind) Resume(Session session, LoadedCursors loaded, ChannelId channel, long cursor)
    {
        if (session.Resume is not { } resume)
        {
            return (cursor, StretchKind.Sync);
        }

        var joinedAfter = state.JoinedAfter(channel);
        var sent = resume.UpTo(channel);
        if (sent >= joinedAfter)
        {
            return (Math.Max(cursor, sent.Value), StretchKind.Tail);
        }

        if (!resume.IsSynced)
        {
            return (cursor, StretchKind.Sync);
        }

        if (cursor > joinedAfter)
        {
            return (cursor, StretchKind.Tail);
        }

        // Joined while nobody told it. If it believes to be a member since an earlier time, it has missed the end of that, too.
        if (sent is not null || (loaded.Stored.ContainsKey(channel) && !resume.KnowsAsLeft(channel)))
        {
            session.Connection.Tell(new ChannelDisappeared(channel));
        }

        return (joinedAfter, StretchKind.Appearance);
    }

    private void TellOfChannelsLeft(Session session)
    {
        foreach (var left in session.SentTo!.Keys.Where(channel => state.MemberSince(channel) is null).ToArray())
        {
            session.SentTo.Remove(left);
            session.Connection.Tell(new ChannelDisappeared(left));
        }
    }

    // Read on one is read on all: also on a device that was away, of channels of which it was sent nothing, and while it was sent
    // something. What was read before the user left and joined again is behind where a member's cursor starts.
    private void TellOfReadCursors(Session session)
    {
        var digest = ReadDigest.Of(state, inbox);
        if (session.Resume is { IsSynced: true } resume && resume.ReadDigest == digest)
        {
            return; // so it is with almost every session that resumes
        }

        foreach (var channel in state.Channels)
        {
            var read = inbox[channel].Read;
            if (read > session.ReadTold!.GetValueOrDefault(channel) && read > state.JoinedAfter(channel))
            {
                session.Connection.Tell(new ReceiptChanges(channel, [new ReceiptChange(state.Id, 0, read)]));
            }
        }

        if (digest != (session.Resume?.ReadDigest ?? 0))
        {
            session.Connection.Tell(new ReadCursorsTold(digest));
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
