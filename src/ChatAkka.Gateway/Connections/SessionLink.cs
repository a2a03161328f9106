using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Logging;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>Whether a connection's device may still have a session, asked for this attempt.</summary>
internal sealed record SessionChecked(int Attempt, Authentication Answer);

/// <summary>The connection whose link it is.</summary>
internal readonly record struct LinkOwner(Connection Connection, ConnectionServices Services, Authenticated Identity, IActorRef Self);

/// <summary>
/// Ties a session to its user's actor, to one incarnation after the other: when that ends the socket stays, and the next one goes on where
/// it was. Part of a connection's actor: only that calls it.
/// </summary>
/// <remarks>
/// Invariants: what is written comes from the one incarnation that answered the latest attempt, and the ids of a channel ascend. Two may
/// answer, if one was thought dead and isn't; the store is the same, so what the older one says the newer one says too.
/// <para>
/// A mutable struct, because every connection has one: keep it in a field, pass it by reference. Its fields are all that an idle
/// connection pays.
/// </para>
/// </remarks>
internal struct SessionLink
{
    // Between two attempts, however often the user's actor ends.
    private const int MinPauseMs = 1_000;

    private IActorRef? _user;
    private Attaching? _attaching;
    private SentChannels? _sent;
    private ulong _readDigest;
    private int _attempt;

    /// <summary>The session isn't attached, or isn't live, or isn't certain: it has deadlines.</summary>
    public readonly bool IsAttaching => _attaching is not null;

    /// <summary>The session was never attached before.</summary>
    public readonly bool IsFirstAttempt => _attempt == 0;

    /// <summary>Whether what a sender says counts.</summary>
    public readonly bool IsFrom(IActorRef sender) => _user is not null && _user.Equals(sender);

    /// <summary>Since when nothing has come of attaching; null if the session is live.</summary>
    public readonly long? LostSince => _attaching?.Since;

    /// <summary>Makes the first attempt.</summary>
    /// <param name="cursors">Where the device says itself that it is; null if it doesn't.</param>
    public void Begin(IReadOnlyDictionary<ChannelId, long>? cursors, long now, in LinkOwner owner)
    {
        _attaching = new Attaching(cursors, now);
        _attaching.Try(now, owner.Connection.OpenedAt, owner.Services);
        Tell(null, owner);
    }

    /// <summary>An incarnation has the session.</summary>
    /// <returns>False if it answers another attempt than the latest.</returns>
    public bool Take(SessionAttached attached, IActorRef sender)
    {
        if (_attaching is null || _user is not null || attached.Attempt != _attempt)
        {
            return false;
        }

        _user = sender;
        return true;
    }

    /// <summary>An incarnation says what counts.</summary>
    public readonly void Progress(TimeProvider time)
    {
        if (_attaching is not null)
        {
            _attaching.Since = time.GetTimestamp();
        }
    }

    /// <summary>An incarnation doesn't have the session any more; the next attempt is due as soon as it may be.</summary>
    /// <param name="liveSince">When the session went live.</param>
    /// <returns>False if it isn't the one that counts.</returns>
    public bool Lose(IActorRef user, long liveSince, long now, ConnectionServices services)
    {
        if (!IsFrom(user))
        {
            return false;
        }

        _user = null;
        _attaching ??= new Attaching(null, now) { TriedAt = liveSince };
        _attaching.IsLive = false;
        _attaching.DueAt = Math.Max(now, _attaching.TriedAt + services.Ticks(MinPauseMs));
        return true;
    }

    /// <summary>The incarnation could not bring the session up to date; the next attempt is due when it was to be.</summary>
    /// <returns>False if it isn't the one that counts.</returns>
    public bool Fail(IActorRef user)
    {
        if (_attaching is null || !IsFrom(user))
        {
            return false;
        }

        _user = null;
        return true;
    }

    /// <summary>Does what is due: the next attempt, or asking the store whether the device may still have a session.</summary>
    /// <param name="isSynced">The first sync is over.</param>
    public void Advance(bool isSynced, long now, in LinkOwner owner)
    {
        if (_attaching is null)
        {
            return;
        }

        if (_user is null && now >= _attaching.DueAt)
        {
            _attempt++;
            _attaching.Check = SessionCheck.Due;
            _attaching.Try(now, owner.Connection.OpenedAt, owner.Services);
            Tell(new SessionResume(isSynced, _readDigest, _sent?.Sent ?? []), owner);
        }
        else if (_user is not null && _attaching.Check == SessionCheck.Due)
        {
            // Only now: from now on whoever revokes the device finds the session.
            _attaching.Check = SessionCheck.Running;
            Confirm(_attempt, owner);
        }
    }

    /// <summary>The store has said whether the device may have a session, or that it can't say.</summary>
    /// <returns>False if it may not.</returns>
    public bool Take(SessionChecked check)
    {
        if (_attaching is null || check.Attempt != _attempt)
        {
            return true;
        }

        _attaching.Check = check.Answer is Authenticated ? SessionCheck.Passed : SessionCheck.Due;
        Finish();
        return check.Answer is not NotAuthenticated;
    }

    /// <summary>The session is live. What the client has said meanwhile, or before, may have been lost: it is said again.</summary>
    public void GoLive(in LinkOwner owner)
    {
        if (_attaching is null)
        {
            return;
        }

        (_attaching.IsLive, _attaching.Cursors) = (true, null);
        foreach (var said in _sent?.Said ?? [])
        {
            var (user, device) = (owner.Identity.User, owner.Identity.Device);
            if (said.Delivered != 0)
            {
                owner.Services.Users.Tell(new MoveCursor(user, device, said.Channel, said.Delivered), owner.Self);
            }

            if (said.Read != 0)
            {
                owner.Services.Users.Tell(new MoveReadCursor(user, said.Channel, said.Read), owner.Self);
            }
        }

        Finish();
    }

    // ---- what the socket knows

    /// <summary>Events are written now.</summary>
    /// <returns>Those of them that the socket doesn't have; null if it has all.</returns>
    public Delivery? Write(Delivery delivery)
    {
        var before = (_sent ??= new SentChannels()).Raise(delivery.Channel, delivery.Events[^1].Id);
        if (before < delivery.Events[0].Id)
        {
            return delivery;
        }

        return before < delivery.Events[^1].Id ? delivery.After(before) : null;
    }

    /// <summary>A sync frame is written now; its client pages what doesn't fit.</summary>
    public void Write(SyncChannel sync) => (_sent ??= new SentChannels()).Raise(sync.View.Id, sync.View.Head);

    /// <summary>The socket is told of a channel: the event that made the user a member comes next.</summary>
    public void Write(ChannelAppeared appeared, UserId user) =>
        (_sent ??= new SentChannels()).Raise(appeared.View.Id, appeared.View.Own.Since - 1);

    /// <summary>The socket is told that a channel is gone.</summary>
    public void Write(ChannelDisappeared disappeared) => (_sent ??= new SentChannels()).Leave(disappeared.Channel);

    /// <summary>What the user's actor says of what is remembered here.</summary>
    public void Note(ISessionMessage message)
    {
        switch (message)
        {
            case CursorsAhead ahead:
                foreach (var (channel, id) in ahead.Cursors)
                {
                    (_sent ??= new SentChannels()).Raise(channel, id);
                }

                break;
            case CursorsStored stored when _sent is not null:
                foreach (var cursor in stored.Cursors)
                {
                    _sent.Store(cursor);
                }

                _sent = _sent.IsEmpty ? null : _sent;
                break;
            case ReadCursorsTold told:
                _readDigest = told.Digest;
                break;
        }
    }

    /// <summary>What the client says of a channel.</summary>
    public void Note(ClientFrame frame, ChannelId channel)
    {
        switch (frame)
        {
            case DeliveredFrame delivered:
                _sent?.Deliver(channel, delivered.Id);
                break;
            case ReadFrame read:
                (_sent ??= new SentChannels()).Read(channel, read.Id);
                break;
        }
    }

    private static void Confirm(int attempt, in LinkOwner owner)
    {
        var log = owner.Services.Log;
        owner.Services.Authenticator.ConfirmAsync(owner.Identity, CancellationToken.None).PipeTo(
            owner.Self,
            success: answer => new SessionChecked(attempt, answer),
            failure: fault =>
            {
                GatewayLog.AuthenticationFault(log, fault);
                return new SessionChecked(attempt, AuthenticationUnavailable.Instance);
            });
    }

    private void Finish()
    {
        if (_attaching is { IsLive: true, Check: SessionCheck.Passed })
        {
            _attaching = null;
        }
    }

    private readonly void Tell(SessionResume? resume, in LinkOwner owner)
    {
        var (user, device) = (owner.Identity.User, owner.Identity.Device);
        owner.Services.Users.Tell(
            new AttachSession(user, device, _attaching!.Cursors, owner.Connection.OpenedAtMs, _attempt, resume), owner.Self);
    }
}
