using System.Globalization;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using ChatAkka.Client.Events;
using ChatAkka.Client.Sessions;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;
using ChatAkka.Protocol.Http;

namespace ChatAkka.Client.Http;

/// <summary>
/// The HTTP API: accounts, devices, friends, channels, history. Thread-safe. Every method throws a <see cref="ChatException"/> when the
/// server refuses the call (its <see cref="ChatException.Code"/> says why), doesn't answer (<see cref="ChatException.Unreachable"/>) or
/// answers something else (<see cref="ChatException.BadAnswer"/>); nothing is tried twice.
/// </summary>
public sealed class ChatHttpClient : IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpCaller _caller;
    private volatile string? _token;

    /// <summary>Creates a client.</summary>
    /// <param name="address">Of the service, for instance <c>https://chat.example.com/</c>.</param>
    /// <param name="handler">Makes the requests; not disposed of. Null for one that all clients share.</param>
    /// <param name="time">The clock of the time-out; null for the system's.</param>
    /// <param name="timeout">How long a call may take; 30 s if null.</param>
    public ChatHttpClient(Uri address, HttpMessageHandler? handler = null, TimeProvider? time = null, TimeSpan? timeout = null)
    {
#pragma warning disable RS0030 // The library's user is its composition root; this is the default.
        _caller = new HttpCaller(address, handler, time ?? TimeProvider.System, timeout ?? DefaultTimeout);
#pragma warning restore RS0030
        Address = address;
    }

    /// <summary>Of the service.</summary>
    public Uri Address { get; }

    /// <summary>The token that calls are made with; null before a log-in. A log-in sets it.</summary>
    public string? Token
    {
        get => _token;
        set => _token = value;
    }

    /// <summary>How a <see cref="ChatClient"/> connects as the device that has logged in here.</summary>
    /// <param name="logIn">What the log-in answered.</param>
    public ChatClientOptions OptionsFor(LogInBody logIn) => new()
    {
        Token = logIn.Token,
        Servers = [.. ServerList.Usable(logIn.Servers.Select(server => server.Url))],
        Address = Address,
    };

    // ---- accounts and devices

    /// <summary>Creates an account.</summary>
    /// <param name="username">3 to 32 of <c>a-z 0-9 _ .</c></param>
    /// <param name="password">8 to 256 characters.</param>
    /// <param name="displayName">How the user wants to be called, 1 to 100 characters; null for the user name.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>username_taken</c>, <c>bad_request</c>, <c>rate_limited</c>.</exception>
    public Task<UserBody> SignUpAsync(string username, string password, string? displayName = null, CancellationToken cancel = default) =>
        CallAsync(
            HttpMethod.Post,
            "users",
            Json(new SignUpRequest(username, password, displayName), HttpJson.Wire.SignUpRequest),
            HttpJson.Wire.UserBody,
            cancel);

    /// <summary>Logs in: creates a device session, whose token this client uses from now on.</summary>
    /// <param name="username">The account's user name.</param>
    /// <param name="password">The account's password.</param>
    /// <param name="device">What the device is called, 1 to 100 characters.</param>
    /// <param name="platform">What it is, 1 to 100 characters.</param>
    /// <param name="region">Where the client would like its server; null leaves it to the service.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>bad_credentials</c>, <c>rate_limited</c>.</exception>
    public async Task<LogInBody> LogInAsync(
        string username,
        string password,
        string device,
        string platform = "dotnet",
        string? region = null,
        CancellationToken cancel = default)
    {
        var body = Json(new LogInRequest(username, password, new DeviceRequest(device, platform), region), HttpJson.Wire.LogInRequest);
        var answer = await CallAsync(HttpMethod.Post, "sessions", body, HttpJson.Wire.LogInBody, cancel).ConfigureAwait(false);
        Token = answer.Token;
        return answer;
    }

    /// <summary>The user's device sessions.</summary>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<IReadOnlyList<SessionBody>> GetSessionsAsync(CancellationToken cancel = default) =>
        (await CallAsync(HttpMethod.Get, "sessions", null, HttpJson.Wire.SessionsBody, cancel).ConfigureAwait(false)).Sessions;

    /// <summary>Ends this device's session: its token is void.</summary>
    /// <param name="cancel">Cancels the call.</param>
    public Task LogOutAsync(CancellationToken cancel = default) => DoAsync(HttpMethod.Delete, "sessions/current", cancel);

    /// <summary>Ends the session of one of the user's devices; its connections close at once.</summary>
    /// <param name="device">The device's id.</param>
    /// <param name="cancel">Cancels the call.</param>
    public Task RevokeSessionAsync(string device, CancellationToken cancel = default) =>
        DoAsync(HttpMethod.Delete, $"sessions/{Part(device)}", cancel);

    /// <summary>The servers to connect to, best first.</summary>
    /// <param name="region">Where the client would like its server; null leaves it to the service.</param>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<IReadOnlyList<ServerBody>> GetServersAsync(string? region = null, CancellationToken cancel = default) =>
        (await CallAsync(HttpMethod.Get, Query("servers", "region", region), null, HttpJson.Wire.ServersBody, cancel)
            .ConfigureAwait(false)).Servers;

    // ---- users

    /// <summary>The user.</summary>
    /// <param name="cancel">Cancels the call.</param>
    public Task<UserBody> GetMeAsync(CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Get, "users/me", null, HttpJson.Wire.UserBody, cancel);

    /// <summary>Changes how the user wants to be called.</summary>
    /// <param name="displayName">1 to 100 characters.</param>
    /// <param name="cancel">Cancels the call.</param>
    public Task<UserBody> RenameMeAsync(string displayName, CancellationToken cancel = default) =>
        CallAsync(
            HttpMethod.Patch,
            "users/me",
            Json(new ProfileRequest(displayName), HttpJson.Wire.ProfileRequest),
            HttpJson.Wire.UserBody,
            cancel);

    /// <summary>A user.</summary>
    /// <param name="user">Their id.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>user_not_found</c>.</exception>
    public Task<UserBody> GetUserAsync(string user, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Get, $"users/{Part(user)}", null, HttpJson.Wire.UserBody, cancel);

    /// <summary>The user with a user name.</summary>
    /// <param name="username">All of it.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>user_not_found</c>.</exception>
    public Task<UserBody> FindUserAsync(string username, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Get, $"users?username={Part(username)}", null, HttpJson.Wire.UserBody, cancel);

    // ---- friends and blocks

    /// <summary>The user's friends, and who has asked whom.</summary>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<IReadOnlyList<Friend>> GetFriendsAsync(CancellationToken cancel = default) =>
        (await CallAsync(HttpMethod.Get, "friends", null, ContactJson.Default.FriendsAnswer, cancel).ConfigureAwait(false)).Friends;

    /// <summary>Asks a user for friendship, or accepts what they asked.</summary>
    /// <param name="user">Their id.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>blocked</c>, <c>user_not_found</c>.</exception>
    public Task<Friend> BefriendAsync(string user, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Put, $"friends/{Part(user)}", null, ContactJson.Default.Friend, cancel);

    /// <summary>Ends a friendship, takes back what was asked, or declines.</summary>
    /// <param name="user">Their id.</param>
    /// <param name="cancel">Cancels the call.</param>
    public Task<Friend> UnfriendAsync(string user, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Delete, $"friends/{Part(user)}", null, ContactJson.Default.Friend, cancel);

    /// <summary>Whom the user has blocked.</summary>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<IReadOnlyList<BlockedUser>> GetBlocksAsync(CancellationToken cancel = default) =>
        (await CallAsync(HttpMethod.Get, "blocks", null, ContactJson.Default.BlocksAnswer, cancel).ConfigureAwait(false)).Blocks;

    /// <summary>Blocks a user: they can't write to the direct channel any more, and a friendship ends.</summary>
    /// <param name="user">Their id.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>user_not_found</c>.</exception>
    public Task BlockAsync(string user, CancellationToken cancel = default) => DoAsync(HttpMethod.Put, $"blocks/{Part(user)}", cancel);

    /// <summary>Takes a block back.</summary>
    /// <param name="user">Their id.</param>
    /// <param name="cancel">Cancels the call.</param>
    public Task UnblockAsync(string user, CancellationToken cancel = default) => DoAsync(HttpMethod.Delete, $"blocks/{Part(user)}", cancel);

    // ---- channels

    /// <summary>Opens the direct channel with a user, or shows it if it is open already.</summary>
    /// <param name="user">Their id.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>user_not_found</c>, <c>blocked</c>.</exception>
    public Task<ChannelDetails> OpenDirectAsync(string user, CancellationToken cancel = default) =>
        CreateAsync(new CreateChannelRequest("direct", user, null, null), cancel);

    /// <summary>Creates a group that the user owns.</summary>
    /// <param name="title">1 to 100 characters.</param>
    /// <param name="members">Ids of the other members.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>group_too_large</c>, <c>user_not_found</c>.</exception>
    public Task<ChannelDetails> CreateGroupAsync(string title, IEnumerable<string> members, CancellationToken cancel = default) =>
        CreateAsync(new CreateChannelRequest("group", null, title, [.. members]), cancel);

    /// <summary>A page of the user's channels, the most recent first.</summary>
    /// <param name="cursor">Of the page before; null for the first page.</param>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<ChannelPage> GetChannelsAsync(string? cursor = null, CancellationToken cancel = default) =>
        Known(ServerFrameDecoder.DecodeChannels(
            (await CallAsync(HttpMethod.Get, Query("channels", "cursor", cursor), null, cancel).ConfigureAwait(false)).Body));

    /// <summary>A channel and its members.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>channel_not_found</c>: also if the user isn't a member.</exception>
    public Task<ChannelDetails> GetChannelAsync(string channel, CancellationToken cancel = default) =>
        ChannelAsync(HttpMethod.Get, $"channels/{Part(channel)}", null, cancel);

    /// <summary>Gives a group another title.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="title">1 to 100 characters.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>not_allowed</c>, <c>channel_not_found</c>.</exception>
    public Task<ChannelDetails> RenameAsync(string channel, string title, CancellationToken cancel = default) =>
        ChannelAsync(
            HttpMethod.Patch, $"channels/{Part(channel)}", Json(new ChannelTitleRequest(title), HttpJson.Wire.ChannelTitleRequest), cancel);

    /// <summary>Adds a member to a group, or gives one another role.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="user">The member's user id.</param>
    /// <param name="role"><c>member</c>, <c>admin</c> or <c>owner</c>, which passes the ownership on; null for a plain new member.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>not_allowed</c>, <c>group_too_large</c>, <c>user_not_found</c>.</exception>
    public Task PutMemberAsync(string channel, string user, string? role = null, CancellationToken cancel = default) => CallAsync(
        HttpMethod.Put,
        $"channels/{Part(channel)}/members/{Part(user)}",
        role is null ? null : Json(new RoleBody(role), ContactJson.Default.RoleBody),
        cancel);

    /// <summary>Removes a member from a group. The user's own id means to leave.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="user">The member's user id.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>not_allowed</c>, <c>channel_not_found</c>.</exception>
    public Task RemoveMemberAsync(string channel, string user, CancellationToken cancel = default) =>
        DoAsync(HttpMethod.Delete, $"channels/{Part(channel)}/members/{Part(user)}", cancel);

    /// <summary>No push notifications of a channel for this user any more.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="cancel">Cancels the call.</param>
    public Task MuteAsync(string channel, CancellationToken cancel = default) =>
        DoAsync(HttpMethod.Put, $"channels/{Part(channel)}/mute", cancel);

    /// <summary>Push notifications of a channel again.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="cancel">Cancels the call.</param>
    public Task UnmuteAsync(string channel, CancellationToken cancel = default) =>
        DoAsync(HttpMethod.Delete, $"channels/{Part(channel)}/mute", cancel);

    // ---- messages

    /// <summary>A page of a channel's messages as they stand now.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="range">Which page; at most 200 messages.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ChatException"><c>channel_not_found</c>, <c>bad_request</c>.</exception>
    public async Task<MessagePage> GetMessagesAsync(string channel, HistoryRange range, CancellationToken cancel = default)
    {
        var anchor = range.Side == HistorySide.Newest
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{Name(range.Side)}={range.Anchor}&");
        var path = string.Create(CultureInfo.InvariantCulture, $"channels/{Part(channel)}/messages?{anchor}limit={range.Limit}");
        return Known(ServerFrameDecoder.DecodePage((await CallAsync(HttpMethod.Get, path, null, cancel).ConfigureAwait(false)).Body));
    }

    /// <summary>Posts a text. Repeating a call that failed, with the same <see cref="SendOptions.ClientId"/>, is safe.</summary>
    /// <param name="channel">The channel's id.</param>
    /// <param name="text">1 to 100,000 characters.</param>
    /// <param name="options">What else the message has.</param>
    /// <param name="cancel">Cancels the call; the message may be stored all the same.</param>
    /// <exception cref="ChatException"><c>channel_not_found</c>, <c>text_too_long</c>, <c>blocked</c>, …</exception>
    public async Task<SentMessage> SendAsync(string channel, string text, SendOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new SendOptions();
        var clientId = options.ClientId ?? SendOptions.NewClientId();
        if (!WellFormed.Is(text) || !WellFormed.Is(clientId) || !(options.Mentions ?? []).All(WellFormed.Is))
        {
            throw ChatException.Of(ErrorCodes.TextInvalid);
        }

        var writer = new FrameWriter();
        ClientFrameEncoder.SendBody(writer, clientId, text, options.ReplyTo, options.Mentions);
        var (status, body) = await CallAsync(
            HttpMethod.Post, $"channels/{Part(channel)}/messages", HttpCaller.Json(writer.Written.ToArray()), cancel).ConfigureAwait(false);
        var posted = HttpCaller.Read(body, HttpJson.Wire.PostedBody);
        return long.TryParse(posted.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new SentMessage(channel, id, posted.N, Instants.Of(posted.At), Duplicate: status == HttpStatusCode.OK)
            : throw BadAnswer();
    }

    /// <summary>Lets go of its connections, unless they are the caller's or shared.</summary>
    public void Dispose() => _caller.Dispose();

    private static string Part(string text) => Uri.EscapeDataString(text);

    private static string Query(string path, string name, string? value) => value is null ? path : $"{path}?{name}={Part(value)}";

    private static string Name(HistorySide side) => side switch
    {
        HistorySide.Before => "before",
        HistorySide.After => "after",
        _ => "around",
    };

    private static HttpContent Json<T>(T body, JsonTypeInfo<T> type) => HttpCaller.Json(body, type);

    private static ChatException BadAnswer() => new(ChatException.BadAnswer, "the answer isn't one of this protocol");

    private static T Known<T>(T? answer)
        where T : class => answer ?? throw BadAnswer();

    private Task<ChannelDetails> CreateAsync(CreateChannelRequest request, CancellationToken cancel) =>
        ChannelAsync(HttpMethod.Post, "channels", Json(request, HttpJson.Wire.CreateChannelRequest), cancel);

    private async Task<ChannelDetails> ChannelAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel) =>
        Known(ServerFrameDecoder.DecodeChannel((await CallAsync(method, path, content, cancel).ConfigureAwait(false)).Body));

    private async Task<T> CallAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancel) =>
        HttpCaller.Read((await CallAsync(method, path, content, cancel).ConfigureAwait(false)).Body, type);

    private Task DoAsync(HttpMethod method, string path, CancellationToken cancel) => CallAsync(method, path, null, cancel);

    private Task<(HttpStatusCode Status, byte[] Body)> CallAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancel) =>
        _caller.CallAsync(method, path, Token, content, cancel);
}
