using ChatAkka.Client;
using ChatAkka.Client.Events;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Judging;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// One device of one user: a program that uses the C# client. It is started and ended, loses its network and gets it back, sends what it is
/// given, and notes what its client shows in its <see cref="ChannelLog"/>s.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="bullet">
/// <item>at most one client at a time; each run of the program, its life, has a new one;</item>
/// <item>a send is given to the client in the order of its submission, and in that order again to the next one, with the same client id,
/// until it is acknowledged; what the client does in between is the client's;</item>
/// <item>everything is done under one lock, which nothing is awaited under.</item>
/// </list>
/// </remarks>
internal sealed class DeviceClient
{
    // Where there is one server, an attempt that hangs without a network is worth keeping; where there are several, another may answer.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTimeoutOfSeveral = TimeSpan.FromSeconds(5);
    private static readonly BackoffOptions Backoff = new()
    {
        First = TimeSpan.FromMilliseconds(50),
        Longest = TimeSpan.FromSeconds(1),
        StableAfter = TimeSpan.FromSeconds(1),
    };

    private readonly Fleet _fleet;
    private readonly Random _random;
    private readonly DeviceNetwork _network;
    private readonly DeviceMemory _memory;
    private readonly DeviceSends _sends;
    private readonly Lock _lock = new();
    private readonly AsyncGate _wanted = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<ChatClient> _present = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _back;
    private Task _running = Task.CompletedTask;
    private ChatClient? _client;
    private bool _isConnected;
    private bool _wasCut;
    private long _lostAt;
    private long _liveSince;
    private int _sessions;
    private bool _stopped;

    public DeviceClient(Fleet fleet, string name, string token, Resume resume, Random random)
    {
        (_fleet, _random, Name, Token) = (fleet, random, name, token);
        _network = new DeviceNetwork(fleet.Service, fleet.Faults,
            (server, isExpected) => fleet.Disturbances.Connected(new DeviceConnection(fleet.Time.GetTimestamp(), name, server, isExpected)));
        _memory = new DeviceMemory(fleet, name, resume);
        _sends = new DeviceSends(fleet, _memory, _lock);
        fleet.Add(this);
    }

    /// <summary>As findings name it.</summary>
    public string Name { get; }

    /// <summary>The bearer token, for HTTP too.</summary>
    public string Token { get; }

    /// <summary>Known when the device was synced once.</summary>
    public string UserId { get; private set; } = "";

    /// <summary>Its user reads every so many-th event as it comes; 0 for never.</summary>
    public int ReadsEvery { get; init; }

    /// <summary>It is, or is trying to be, connected.</summary>
    public bool IsWanted => _wanted.IsOpen && !_network.IsCut;

    /// <summary>See <see cref="Fleet.Restless"/>.</summary>
    public string? Restless(long moment)
    {
        lock (_lock)
        {
            if (_stopped || !IsWanted)
            {
                return null;
            }

            return !_isConnected && _lostAt <= moment ? $"{Name} isn't connected"
                : _memory.Unacknowledged.FirstOrDefault(s => s.TriedAt <= moment) is { } send ? $"no ok for {send}"
                : null;
        }
    }

    /// <summary>It was away, and meant to be, when it was stopped: what it didn't see it needn't have.</summary>
    public bool EndedAway { get; private set; }

    /// <summary>Starts for the first time; completes when the device has everything.</summary>
    public Task StartAsync()
    {
        _wanted.Open();
        _running = RunAsync();
        return _synced.Task;
    }

    /// <summary>Comes back, if it is away.</summary>
    public void Return()
    {
        _network.Restore();
        _wanted.Open();
    }

    /// <summary>Goes away, until <see cref="Return"/>.</summary>
    public void GoAway(Leave how)
    {
        lock (_lock)
        {
            if (how == Leave.Graceful)
            {
                _wanted.Shut();
                _leaving.TrySetResult();
            }
            else
            {
                _wasCut = _isConnected;
                _network.Cut(reset: how == Leave.Reset);
            }
        }
    }

    /// <summary>
    /// Its program is started again with a backup of a channel in which there was nothing yet; completes when it has what the server gives.
    /// </summary>
    public Task RestoreAsync(string channel)
    {
        lock (_lock)
        {
            _memory.Restore(channel);
            _back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted.Shut();
            _leaving.TrySetResult();
            Return();
            return _back.Task;
        }
    }

    /// <summary>Submits a text.</summary>
    public void Post(Send send)
    {
        lock (_lock)
        {
            _memory.Submit(send);
            send.TriedAt = _fleet.Time.GetTimestamp();
            if (_client is { } client)
            {
                _sends.Give(send, client, _isConnected);
            }
        }
    }

    /// <summary>Does something else, however often the program has to be started for it.</summary>
    public async Task<long> DoAsync(Func<ChatClient, Task<long>> act)
    {
        while (true)
        {
            Task<ChatClient> present;
            lock (_lock)
            {
                present = _present.Task;
            }

            try
            {
                return await act(await present.ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (ChatException e) when (e.Code == ChatException.Closed && !_stopped)
            {
                continue; // the program was ended before the answer came: it is repeated by the next
            }
        }
    }

    /// <summary>Its user reads everything that the device has of a channel.</summary>
    public void ReadAll(string channel)
    {
        lock (_lock)
        {
            var log = _memory.Log(channel);
            log.MarkedRead = log.Contiguous;
            _client?.MarkRead(channel, log.MarkedRead);
        }
    }

    /// <summary>Completes when nothing more can come up to <paramref name="id"/>: the device has it, or noticed that it is
    /// missing.</summary>
    public Task ReachedAsync(string channel, long id)
    {
        lock (_lock)
        {
            return _memory.Log(channel).ReachedAsync(id);
        }
    }

    /// <summary>Completes when the device was told that its user has read a channel up to <paramref name="id"/>.</summary>
    public Task ToldReadAsync(string channel, long id)
    {
        lock (_lock)
        {
            return _memory.Log(channel).Receipts.ReadAsync(UserId, id);
        }
    }

    /// <summary>How far the device has got in a channel, in words.</summary>
    public string Progress(string channel)
    {
        lock (_lock)
        {
            var state = _isConnected ? "connected" : IsWanted ? "trying to connect" : "away";
            return $"{Name} ({state}, at id {_memory.Log(channel).Settled}, {_memory.Unacknowledged.Count} unacknowledged)";
        }
    }

    /// <summary>What it saw. Only for when nothing more can come.</summary>
    public ChannelLog LogOf(string channel)
    {
        lock (_lock)
        {
            return _memory.Log(channel);
        }
    }

    /// <summary>Says good-bye for ever.</summary>
    public async Task StopAsync()
    {
        lock (_lock)
        {
            EndedAway |= !_stopped && !IsWanted;
            _stopped = true;
            _leaving.TrySetResult();
            _present.TrySetCanceled();
        }

        _wanted.Open();
        await _running.ConfigureAwait(false);
        _network.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wanted.OpenedAsync().WaitAsync(_fleet.Waits.Ended).ConfigureAwait(false);
                _fleet.Waits.Ended.ThrowIfCancellationRequested();
                if (_stopped)
                {
                    return;
                }

                await LiveAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            _synced.TrySetException(new WaitFailedException(_fleet.Waits.Reason ?? "interrupted"));
        }
    }

    /// <summary>One run of the program.</summary>
    private async Task LiveAsync()
    {
        if (Begin() is not { } client)
        {
            return; // called off
        }

        var reading = ReadAsync(client);
        using (_fleet.Waits.Ended.UnsafeRegister(static leaving => ((TaskCompletionSource)leaving!).TrySetResult(), _leaving))
        {
            await _leaving.Task.ConfigureAwait(false);
        }

        lock (_lock)
        {
            _memory.BeginGoodBye(client, isHeard: _isConnected && !_network.IsCut && _network.ServerLife == _fleet.Faults.Life);
            (_client, _isConnected) = (null, false);
            _present = new TaskCompletionSource<ChatClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await client.DisposeAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        lock (_lock)
        {
            _memory.EndLife(client);
        }
    }

    private ChatClient? Begin()
    {
        lock (_lock)
        {
            if (_stopped || !_wanted.IsOpen)
            {
                return null;
            }

            _leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _network.Expect();
            var service = _fleet.Service;
            _client = new ChatClient(new ChatClientOptions
            {
                Token = Token,
                Url = service.Socket,
                Address = service.Address,
                Cursors = _memory.BeginLife(),
                Backoff = Backoff,
                ConnectTimeout = service.Socket is null ? ConnectTimeoutOfSeveral : ConnectTimeout,
                HttpHandler = _network.Handler,
                Random = _random,
                Time = _fleet.Time,
            });
            _ = _client.ConnectAsync(); // if that fails, the stream of events ends, too, and who reads that acts on it
            foreach (var send in _memory.Unacknowledged)
            {
                _sends.Give(send, _client, _isConnected);
            }

            foreach (var (channel, log) in _memory.Logs.Where(l => l.Value.MarkedRead > 0))
            {
                _client.MarkRead(channel, log.MarkedRead);
            }

            _present.TrySetResult(_client);
            return _client;
        }
    }

    private async Task ReadAsync(ChatClient client)
    {
        try
        {
            await foreach (var e in client.Events.ConfigureAwait(false))
            {
                lock (_lock)
                {
                    Take(e, client);
                }

                _fleet.Waits.Moved();
            }

            if (client.Error is { } error && error.Code != ChatException.Closed)
            {
                _fleet.Waits.Fail($"{Name} was stopped: {error.Code} ({error.Message})");
            }
        }
        catch (Exception e)
        {
            // A broken frame or a bug of this program: either way the replay must fail, and say so.
            _fleet.Waits.Fail($"{Name}: {e.Message}");
        }
    }

    private void Take(ChatEvent e, ChatClient client)
    {
        switch (e)
        {
            case ConnectionChanged { State: ConnectionState.Connected }:
                OnConnected(client);
                break;
            case ConnectionChanged change:
                OnDisconnected(change);
                break;
            case ChannelEvent shown:
                var (log, seen) = _memory.Take(shown, _liveSince, _network.ServerLife);
                if (ReadsEvery > 0 && seen.Id % ReadsEvery == 0 && seen.Id > log.MarkedRead)
                {
                    log.MarkedRead = seen.Id;
                    client.MarkRead(shown.Channel, seen.Id);
                }

                break;
            case ChannelFault fault:
                _memory.Log(fault.Channel).Report(fault.Kind, fault.Id);
                break;
            case ReceiptMoved receipt:
                _memory.Log(receipt.Channel).Receipts.Take(receipt.User, receipt.Delivered, receipt.Read);
                break;
            case ChannelLeft left:
                _memory.Log(left.Channel).Leave();
                break;
        }
    }

    private void OnDisconnected(ConnectionChanged change)
    {
        var now = _fleet.Time.GetTimestamp();
        _lostAt = _isConnected ? now : _lostAt;
        if (!_wasCut && change.CloseCode is { } code)
        {
            var said = change.Error is { } error && !_isConnected ? $" ({error.Message})" : "";
            _fleet.Disturbances.Ended(new DeviceEnd(now, Name, $"{(int)code} {code}{said}", _isConnected));
        }

        (_isConnected, _wasCut) = (false, false);
    }

    private void OnConnected(ChatClient client)
    {
        (_isConnected, UserId) = (true, client.UserId!);
        _liveSince = _fleet.Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var send in _memory.Unacknowledged)
        {
            _sends.Note(send);
        }

        if (_sessions++ > 0)
        {
            _fleet.CountReconnect();
            if (_memory.ToRepeat is { } again)
            {
                _fleet.CountRepeat();
                _sends.Give(again, client, _isConnected);
            }
        }

        _synced.TrySetResult();
        if (client == _client)
        {
            _back?.TrySetResult();
        }
    }
}
