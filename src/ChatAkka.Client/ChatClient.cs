using System.Runtime.CompilerServices;
using ChatAkka.Client.Events;
using ChatAkka.Client.Http;
using ChatAkka.Client.Requests;
using ChatAkka.Client.Sessions;
using ChatAkka.Client.Sockets;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client;

/// <summary>
/// One device's live connection. It connects again by itself, sends again what wasn't answered, and shows everything that happens in the
/// user's channels: in order, without a gap, each event once.
/// </summary>
/// <remarks>
/// Thread-safe. Requests are sent in the order of their calls and wait for a connection if there is none; they fail with a
/// <see cref="ChatException"/> when the server refuses them, when too many wait (<see cref="ChatException.OutboxFull"/>), and when the
/// client has stopped. A request that is canceled may have been done all the same.
/// </remarks>
public sealed class ChatClient : IAsyncDisposable
{
    private readonly ChatClientOptions _options;
    private readonly Session _session;
    private readonly ConnectionLoop _loop;
    private readonly ChatHttpClient? _api;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task? _running;
    private int _isReading;

    /// <summary>Creates a client, which does nothing before <see cref="ConnectAsync"/>.</summary>
    /// <param name="options">How it connects and behaves.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    public ChatClient(ChatClientOptions options)
        : this(options, new WebSocketConnector(options.HttpHandler ?? SharedHandler.Instance))
    {
    }

    internal ChatClient(ChatClientOptions options, IChatConnector connector)
    {
        options.Validate();
        _options = options;
        _api = options is { Url: null, Address: not null }
            ? new ChatHttpClient(options.Address, options.HttpHandler, options.Time) { Token = options.Token }
            : null;
        var servers = new ServerList(options, _api);
        _session = new Session(options, servers.Prefer);
        _loop = new ConnectionLoop(options, connector, servers, _session);
    }

    /// <summary>What the client is doing about its connection. Changes are in <see cref="Events"/>, too.</summary>
    public ConnectionState State => _session.State;

    /// <summary>Why the client has stopped; null while it hasn't.</summary>
    public ChatException? Error => _session.Stopped;

    /// <summary>The user's id; null before the first connection.</summary>
    public string? UserId => _session.Welcome?.UserId;

    /// <summary>The device's id; null before the first connection.</summary>
    public string? DeviceId => _session.Welcome?.DeviceId;

    /// <summary>
    /// How often something was missing in a channel and was fetched by connecting again: after an absence of more than a hundred events,
    /// for each further hundred; because the program was far behind; or because of a fault.
    /// </summary>
    public long GapsRepaired => _session.GapsRepaired;

    /// <summary>
    /// What happens, from the first connection on, until the client stops; the last event is a <see cref="ConnectionChanged"/>. Only one
    /// reader at a time; another one later goes on where the first ended.
    /// </summary>
    /// <remarks>
    /// While the program doesn't take events, the client soon doesn't read from the server either (<see
    /// cref="ChatClientOptions.EventBuffer"/>)
    /// and nothing of a channel is lost. A program may await requests between two events, as long as it then goes on taking them.
    /// </remarks>
    public IAsyncEnumerable<ChatEvent> Events => ReadAsync(CancellationToken.None);

    /// <summary>Starts to connect, if that hasn't happened yet, and waits until the device has caught up for the first time.</summary>
    /// <param name="cancel">Ends the waiting, not the attempts; <see cref="DisposeAsync"/> ends these.</param>
    /// <exception cref="ChatException">The server doesn't want this device: <c>unauthorized</c>, <c>revoked</c>, …</exception>
    public Task ConnectAsync(CancellationToken cancel = default)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _running ??= Task.Run(() => _loop.RunAsync(_stop.Token), CancellationToken.None); // on nobody's context
        }

        return _session.Synced.WaitAsync(cancel);
    }

    /// <summary>Posts a text to a channel. It is stored once, whatever happens to the connection meanwhile, and after those that were posted
    /// to the channel before: so each is sent when the one before it is answered.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="text">1 to 100,000 characters.</param>
    /// <param name="options">What else the message has.</param>
    /// <param name="cancel">Ends the waiting; the message isn't sent again then, but may be stored.</param>
    /// <returns>When it is stored.</returns>
    /// <exception cref="ChatException"><c>channel_not_found</c>, <c>text_too_long</c>, <c>blocked</c>, …</exception>
    public Task<SentMessage> SendAsync(string channel, string text, SendOptions? options = null, CancellationToken cancel = default) =>
        PostAsync(channel, null, text, options ?? new SendOptions(), cancel);

    /// <summary>Posts a text to the direct channel with a user, which is opened if need be.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="text">1 to 100,000 characters.</param>
    /// <param name="options">What else the message has.</param>
    /// <param name="cancel">Ends the waiting; the message isn't sent again then, but may be stored.</param>
    /// <returns>When it is stored.</returns>
    /// <exception cref="ChatException"><c>user_not_found</c>, <c>text_too_long</c>, <c>blocked</c>, …</exception>
    public Task<SentMessage> SendToAsync(string user, string text, SendOptions? options = null, CancellationToken cancel = default) =>
        PostAsync(null, user, text, options ?? new SendOptions(), cancel);

    /// <summary>Gives one of the user's own messages another text.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="text">1 to 100,000 characters.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>Id of the event that made it so.</returns>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>not_allowed</c>, <c>outdated</c>: the user has edited it on another
    /// device meanwhile; …</exception>
    public Task<long> EditAsync(string channel, long id, string text, CancellationToken cancel = default) =>
        ChangeAsync((writer, reference, seen) => ClientFrameEncoder.Edit(writer, reference, channel, id, text, seen), cancel, channel, text);

    /// <summary>Deletes a message: one of the user's own, or any if the user is the group's owner or an admin.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>Id of the event that made it so.</returns>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>not_allowed</c>, …</exception>
    public Task<long> DeleteAsync(string channel, long id, CancellationToken cancel = default) =>
        ChangeAsync((writer, reference, _) => ClientFrameEncoder.Delete(writer, reference, channel, id), cancel, channel);

    /// <summary>Reacts to a message.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="emoji">1 to 32 characters.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>Id of the event that made it so.</returns>
    /// <exception cref="ChatException"><c>message_not_found</c>, <c>outdated</c>: the user has taken it back on another device meanwhile;
    /// …</exception>
    public Task<long> ReactAsync(string channel, long id, string emoji, CancellationToken cancel = default) =>
        ChangeAsync((writer, reference, seen) => ClientFrameEncoder.React(writer, reference, channel, id, emoji, seen), cancel, channel, emoji);

    /// <summary>Takes a reaction back.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="emoji">The one to take back.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>Id of the event that made it so.</returns>
    /// <exception cref="ChatException"><c>message_not_found</c>: also if there is no such reaction. <c>outdated</c>: the user has reacted so
    /// again on another device meanwhile.</exception>
    public Task<long> UnreactAsync(string channel, long id, string emoji, CancellationToken cancel = default) =>
        ChangeAsync((writer, reference, seen) => ClientFrameEncoder.Unreact(writer, reference, channel, id, emoji, seen), cancel, channel, emoji);

    /// <summary>A page of a channel's messages as they stand now.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="range">Which page; at most 200 messages.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ChatException"><c>channel_not_found</c>, …</exception>
    public Task<MessagePage> HistoryAsync(string channel, HistoryRange range, CancellationToken cancel = default) =>
        AskAsync(
            (writer, reference) => ClientFrameEncoder.History(writer, reference, channel, range), ok => ok.Page, cancel, channel);

    /// <summary>
    /// Replaces the set of users whose coming and going <see cref="Events"/> shows. It holds on later connections, too; there, what the
    /// server says about them first is shown as <see cref="PresenceChanged"/>.
    /// </summary>
    /// <param name="users">At most 500 user ids; only friends and fellow members count.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>Who of those whom the user may see is there.</returns>
    /// <exception cref="ChatException"><c>bad_request</c>, …</exception>
    public Task<IReadOnlyList<UserPresence>> WatchAsync(IEnumerable<string> users, CancellationToken cancel = default)
    {
        var all = users.ToArray();
        return all.All(WellFormed.Is) ? _session.WatchAsync(all, cancel) : Task.FromException<IReadOnlyList<UserPresence>>(Invalid());
    }

    /// <summary>Asks the server for its clock: a round trip.</summary>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>The server's time.</returns>
    /// <exception cref="ChatException">The client has stopped.</exception>
    public async Task<DateTimeOffset> PingAsync(CancellationToken cancel = default) =>
        Instants.Of((await AskAsync(ClientFrameEncoder.Heartbeat, ok => ok, cancel).ConfigureAwait(false)).Time);

    /// <summary>Tells the others that the user is typing. Forgotten if there is no connection.</summary>
    /// <param name="channel">The channel's id.</param>
    public void Typing(string channel) => _session.Typing(Valid(channel));

    /// <summary>The user has read a channel up to an event, at any device. Said when there is a connection.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="id">The event's id.</param>
    public void MarkRead(string channel, long id) => _session.Mark(MarkKind.Read, Valid(channel), id);

    /// <summary>The device has a channel's events up to one. Only with <see cref="DeliveredMode.Manual"/>.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="id">The event's id.</param>
    /// <exception cref="InvalidOperationException">The client says that by itself.</exception>
    public void MarkDelivered(string channel, long id)
    {
        if (_options.Delivered != DeliveredMode.Manual)
        {
            throw new InvalidOperationException("the client was not told to leave that to the program: see ChatClientOptions.Delivered");
        }

        _session.Mark(MarkKind.Delivered, Valid(channel), id);
    }

    /// <summary>
    /// For each channel the highest id that the program is done with: it has taken it and asked for the next, or has marked it as
    /// delivered.
    /// To be stored with what the program made of the events, and given as <see cref="ChatClientOptions.Cursors"/> when it starts again.
    /// </summary>
    public IReadOnlyDictionary<string, long> ExportCursors() => _session.Cursors();

    /// <summary>Says good-bye to the server, fails what wasn't answered with <see cref="ChatException.Closed"/> and ends the
    /// stream.</summary>
    public async ValueTask DisposeAsync()
    {
        _session.BeginStop();
        Task? running;
        lock (_lock)
        {
            running = _running;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        if (running is not null)
        {
            await running.ConfigureAwait(false);
        }
        else if (_session.Stopped is null)
        {
            _session.Stop(new ChatException(ChatException.Closed, "the client is closed"), null);
        }

        _api?.Dispose();
    }

    private static ChatException Invalid() => ChatException.Of(ErrorCodes.TextInvalid);

    private static string Valid(string text) => WellFormed.Is(text) ? text : throw Invalid();

    private Task<SentMessage> PostAsync(string? channel, string? to, string text, SendOptions options, CancellationToken cancel)
    {
        var clientId = options.ClientId ?? SendOptions.NewClientId();
        string[] texts = [channel ?? to!, text, clientId, .. options.Mentions ?? []];
        return AskAsync(new PendingSend(channel, to, clientId, text, options) { Line = channel ?? to }, cancel, texts);
    }

    private async Task<long> ChangeAsync(
        Action<FrameWriter, string, long> write, CancellationToken cancel, string channel, params string[] texts)
    {
        var basis = new Basis(channel);
        var request = new PendingRequest<OkServerFrame>((writer, reference) => write(writer, reference, basis.Seen), ok => ok.Id > 0 ? ok : null)
        {
            Line = channel,
            Basis = basis,
        };
        return (await AskAsync(request, cancel, [channel, .. texts]).ConfigureAwait(false)).Id;
    }

    private Task<T> AskAsync<T>(
        Action<FrameWriter, string> write, Func<OkServerFrame, T?> read, CancellationToken cancel, params string[] texts)
        where T : class => AskAsync(new PendingRequest<T>(write, read), cancel, texts);

    private Task<T> AskAsync<T>(PendingRequest<T> request, CancellationToken cancel, params string[] texts)
        where T : class => texts.All(WellFormed.Is) ? _session.AskAsync(request, cancel) : Task.FromException<T>(Invalid());

    private async IAsyncEnumerable<ChatEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("Events has a reader already");
        }

        try
        {
            while (true)
            {
                var (e, arrival) = _session.TakeEvent();
                if (e is not null)
                {
                    yield return e;
                }
                else if (arrival is not null)
                {
                    await arrival.WaitAsync(cancel).ConfigureAwait(false);
                }
                else
                {
                    yield break;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }
}
