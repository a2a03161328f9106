using System.Net.Sockets;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// One device of one user: it connects, goes away and comes back, and sends what it is given. What it saw is in its
/// <see cref="ChannelLog"/>s.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>at most one connection at a time; connections are counted from 1;</item>
/// <item>a send is transmitted in the order of its submission, never before <c>synced</c>, and again on each new connection, with the same
/// client id, until it is acknowledged; only a refusal ("come again in retry_ms") lets later ones overtake it;</item>
/// <item>a log takes frames in the order of their arrival;</item>
/// <item>each burst of events is answered by one <c>delivered</c> for each of its channels, never above the first id that is
/// missing;</item>
/// <item>everything is done under one lock, which nothing is awaited under.</item>
/// </list>
/// </remarks>
internal sealed class DeviceClient
{
    private const string Path = "/v1/ws";
    private const string SubProtocol = "chatakka.v1";

    private readonly Fleet _fleet;
    private readonly Backoff _backoff;
    private readonly DeviceProtocol _protocol;
    private readonly Lock _lock = new();
    private readonly AsyncGate _wanted = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebSocketConnection? _link;
    private Task _running = Task.CompletedTask;
    private Leave? _leaving;
    private bool _stopped;

    /// <param name="escape">It writes everything beyond ASCII as escapes.</param>
    public DeviceClient(Fleet fleet, string name, string token, Resume resume, Random random, bool escape)
    {
        (_fleet, Name, Token) = (fleet, name, token);
        _backoff = new Backoff(random);
        _protocol = new DeviceProtocol(fleet, token, resume, escape, (after, action) => _ = LaterAsync(after, action));
        fleet.Add(this);
    }

    /// <summary>As findings name it.</summary>
    public string Name { get; }

    /// <summary>The bearer token, for HTTP too.</summary>
    public string Token { get; }

    /// <summary>Known when the device was synced once.</summary>
    public string UserId => _protocol.UserId;

    /// <summary>It is, or is trying to be, connected.</summary>
    public bool IsWanted => _wanted.IsOpen;

    /// <summary>It was away, and meant to be, when it was stopped: what it didn't see it needn't have.</summary>
    public bool EndedAway { get; private set; }

    /// <summary>Connects for the first time; completes when the server says <c>synced</c>.</summary>
    public Task StartAsync()
    {
        _wanted.Open();
        _running = RunAsync();
        return _synced.Task;
    }

    /// <summary>Comes back, if it is away.</summary>
    public void Return() => _wanted.Open();

    /// <summary>Goes away, until <see cref="Return"/>.</summary>
    public void GoAway(Leave how)
    {
        lock (_lock)
        {
            _wanted.Shut();
            _leaving = how;
            if (how == Leave.Graceful)
            {
                _protocol.SayGoodBye();
            }
            else
            {
                _link?.Abort(how == Leave.Reset);
            }
        }
    }

    /// <summary>Submits a text.</summary>
    public void Post(Send send)
    {
        lock (_lock)
        {
            _protocol.Submit(send);
        }
    }

    /// <summary>Completes when nothing more can come up to <paramref name="id"/>: the device has it, or noticed that it is
    /// missing.</summary>
    public Task ReachedAsync(string channel, long id)
    {
        lock (_lock)
        {
            return _protocol.Log(channel).ReachedAsync(id);
        }
    }

    /// <summary>How far the device has got in a channel, in words.</summary>
    public string Progress(string channel)
    {
        lock (_lock)
        {
            var state = _protocol.IsReady ? "connected" : IsWanted ? "trying to connect" : "away";
            return $"{Name} ({state}, at id {_protocol.Log(channel).Settled}, {_protocol.Unacknowledged} unacknowledged)";
        }
    }

    /// <summary>What it saw. Only for when it is stopped.</summary>
    public ChannelLog LogOf(string channel)
    {
        lock (_lock)
        {
            return _protocol.Log(channel);
        }
    }

    /// <summary>Keeps its connection alive.</summary>
    public void Beat()
    {
        lock (_lock)
        {
            if (_protocol.IsReady)
            {
                _link?.Post(ClientFrames.Heartbeat.Span);
            }
        }
    }

    /// <summary>Says good-bye for ever. Doesn't wait for a server that doesn't answer it.</summary>
    public async Task StopAsync()
    {
        lock (_lock)
        {
            EndedAway |= !_stopped && !IsWanted;
            _stopped = true;
            _protocol.SayGoodBye();
            _link?.Abort(reset: false);
        }

        _wanted.Open();
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wanted.OpenedAsync().WaitAsync(_fleet.Waits.Ended).ConfigureAwait(false);
                if (_stopped)
                {
                    return;
                }

                var leaving = await ConnectionAsync().ConfigureAwait(false);
                if (leaving is null && !_stopped)
                {
                    await Task.Delay(_backoff.Next(), _fleet.Time, _fleet.Waits.Ended).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            _synced.TrySetException(new WaitFailedException(_fleet.Waits.Reason ?? "interrupted"));
        }
        catch (Exception e)
        {
            // A broken frame or a bug of this program: either way the replay must fail, and say so.
            _fleet.Waits.Fail($"{Name}: {e.Message}");
            _synced.TrySetException(new WaitFailedException(e.Message));
        }
    }

    /// <summary>One connection from its start to its end.</summary>
    /// <returns>How the device itself ended it; null when the server, or the network, did.</returns>
    private async Task<Leave?> ConnectionAsync()
    {
        try
        {
            using var link = await WebSocketConnection.ConnectAsync(_fleet.Server, Path, SubProtocol, _fleet.Waits.Ended).ConfigureAwait(false);
            if (Open(link))
            {
                do
                {
                    TakeBurst(link);
                }
                while (await link.FillAsync(_fleet.Waits.Ended).ConfigureAwait(false));
            }

            return End(link);
        }
        catch (Exception e) when (e is SocketException or IOException or UpgradeRefusedException)
        {
            return End(null);
        }
    }

    private bool Open(WebSocketConnection link)
    {
        lock (_lock)
        {
            if (!IsWanted || _stopped)
            {
                return false;
            }

            _link = link;
            _leaving = null;
            _protocol.Open(link);
            return true;
        }
    }

    private void TakeBurst(WebSocketConnection link)
    {
        lock (_lock)
        {
            _protocol.TakeBurst(link);
            if (_protocol.IsReady)
            {
                _backoff.Reset();
                _synced.TrySetResult();
            }
        }
    }

    private Leave? End(WebSocketConnection? link)
    {
        lock (_lock)
        {
            var leaving = _leaving;
            _protocol.End(goodBye: leaving == Leave.Graceful && link?.CloseCode is not null);
            (_link, _leaving) = (null, null);
            if (link?.CloseCode is { } code && leaving is null && !_stopped && !ComesBackAfter(code))
            {
                _fleet.Waits.Fail($"{Name} was closed with {code} {link.CloseReason}");
            }

            return leaving;
        }
    }

    private static bool ComesBackAfter(int code) => code is 1001 or 1005 or 1006 or 1011 or 1012 or 4408 or 4429;

    private async Task LaterAsync(TimeSpan after, Action action)
    {
        var link = _link;
        try
        {
            await Task.Delay(after, _fleet.Time, _fleet.Waits.Ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // the run is over
        }

        lock (_lock)
        {
            if (link == _link)
            {
                action(); // a new connection repeats everything anyway
            }
        }
    }
}
