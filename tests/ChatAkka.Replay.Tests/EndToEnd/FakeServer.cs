using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ChatAkka.Replay.Server;
using ChatAkka.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>
/// As much of the protocol as a replay uses, kept in memory, and one thing done wrong on purpose: a server that lies about durability
/// can't be had otherwise. Its memory survives its kills.
/// </summary>
internal sealed class FakeServer(Fault fault = Fault.None) : IServerHost
{
    private const int SyncLimit = 100;

    private readonly Lock _lock = new();
    private readonly FakeState _state = new(fault);
    private readonly Dictionary<string, FakeConnection> _online = []; // by device
    private WebApplication? _app;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, Ports.Next());

    public Action<string>? Died { get; set; }

    public async Task StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(Address));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map("/v1/ws", ServeSocketAsync);
        _app.MapPost("/v1/users", (JsonObject body) => Locked(() => SignUp(Text(body, "username")), 201));
        _app.MapPost("/v1/sessions", (JsonObject body) => Locked(() => LogIn(Text(body, "username")), 201));
        _app.MapPost("/v1/channels", (HttpContext http, JsonObject body) => Locked(() => OpenChannel(Caller(http), body), 201));
        _app.MapGet("/v1/channels/{id}", (HttpContext http, string id) =>
            About(http, id, (channel, caller) => new JsonObject { ["channel"] = channel.ToJson(caller, withMembers: true) }));
        _app.MapGet("/v1/channels/{id}/messages", (HttpContext http, string id, long? before, long? after, int limit) =>
            About(http, id, (channel, _) => channel.Page(before, after, limit)));
        _app.MapPut("/v1/channels/{id}/members/{user}", (HttpContext http, string id, string user) =>
            Member(http, id, user, isAdded: true));
        _app.MapDelete("/v1/channels/{id}/members/{user}", (HttpContext http, string id, string user) =>
            Member(http, id, user, isAdded: false));
        await _app.StartAsync(cancel);
    }

    public async Task KillAsync()
    {
        FakeConnection[] connections;
        lock (_lock)
        {
            connections = [.. _online.Values];
            _online.Clear();
        }

        Array.ForEach(connections, c => c.Cut());
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        lock (_lock)
        {
            _state.Kill();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static string Text(JsonObject body, string name) => body[name]!.GetValue<string>();

    private static long Id(JsonObject frame, string name) => long.Parse(Text(frame, name));

    private IResult Locked(Func<JsonObject> act, int status = 200)
    {
        lock (_lock)
        {
            return Json(act(), status);
        }
    }

    private JsonObject SignUp(string username) => new()
    {
        ["user_id"] = _state.User(username),
        ["username"] = username,
        ["display_name"] = username,
    };

    private JsonObject LogIn(string username)
    {
        var session = (User: _state.User(username), Device: _state.NewId());
        var token = $"session-{session.Device}";
        _state.Sessions[token] = session;
        return new JsonObject
        {
            ["token"] = token,
            ["user_id"] = session.User,
            ["device_id"] = session.Device,
            ["servers"] = new JsonArray(),
        };
    }

    private (string User, string Device) Caller(HttpContext http) =>
        Session(http.Request.Headers.Authorization.ToString()["Bearer ".Length..]);

    /// <summary>Believes every integrator's token; checking signatures is the real server's business.</summary>
    private (string User, string Device) Session(string token)
    {
        if (!_state.Sessions.TryGetValue(token, out var session))
        {
            var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
            session = (_state.User(Text(claims, "sub")), $"{Text(claims, "sub")}/{Text(claims, "device")}");
            _state.Sessions[token] = session;
        }

        return session;
    }

    private JsonObject OpenChannel((string User, string Device) caller, JsonObject body)
    {
        var channel = Text(body, "kind") == "direct"
            ? _state.Open("direct", caller.User, Text(body, "user_id"))
            : _state.Open("group", [caller.User, .. body["members"]!.AsArray().Select(m => m!.GetValue<string>())]);
        Deliver(channel, channel.Events[0], null);
        return new JsonObject { ["channel"] = channel.ToJson(caller.User, withMembers: true) };
    }

    private IResult Member(HttpContext http, string id, string user, bool isAdded)
    {
        lock (_lock)
        {
            var caller = Caller(http).User;
            if (!_state.Channels.TryGetValue(id, out var channel) || channel.Since(caller) is null)
            {
                return Hidden();
            }

            if (isAdded && channel.Since(user) is null)
            {
                var added = channel.Append(caller, "member_added", e => e with { User = user });
                channel.Members.Add((user, added.Id));
                Tell(user, new JsonObject { ["op"] = "channel", ["channel"] = channel.ToJson(user) });
                Deliver(channel, added, null);
            }
            else if (!isAdded && channel.Since(user) is not null)
            {
                channel.Members.RemoveAll(m => m.User == user);
                channel.Gone.Add(user);
                var removed = channel.Append(caller, "member_removed", e => e with { User = user });
                Tell(user, new JsonObject { ["op"] = "channel", ["removed"] = channel.Id });
                Deliver(channel, removed, null);
            }

            return isAdded ? Json(new JsonObject { ["channel"] = channel.ToJson(caller, withMembers: true) }) : Results.NoContent();
        }
    }

    /// <summary>Something about a channel, if the caller is a member.</summary>
    private IResult About(HttpContext http, string id, Func<FakeChannel, string, JsonObject> show)
    {
        lock (_lock)
        {
            var caller = Caller(http).User;
            return _state.Channels.TryGetValue(id, out var channel) && channel.MayRead(caller) ? Json(show(channel, caller)) : Hidden();
        }
    }

    private static IResult Hidden() => Results.Text(
        """{"title":"no channel","status":404,"code":"channel_not_found"}""", "application/problem+json", Encoding.UTF8, 404);

    private static IResult Json(JsonObject body, int status = 200) =>
        Results.Text(body.ToJsonString(), "application/json", Encoding.UTF8, status);

    private async Task ServeSocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync("chatakka.v1");
        var connection = new FakeConnection(socket);
        try
        {
            await connection.RunAsync(frame =>
            {
                lock (_lock)
                {
                    Take(connection, frame);
                }
            });
        }
        finally
        {
            lock (_lock)
            {
                if (connection.Device is { } device && _online.GetValueOrDefault(device) == connection)
                {
                    _online.Remove(device);
                }
            }
        }
    }

    private void Take(FakeConnection connection, JsonObject frame)
    {
        switch (Text(frame, "op"))
        {
            case "hello":
                Hello(connection, frame);
                break;
            case "send" when fault == Fault.SwallowsASend && Text(frame, "client_id").EndsWith("#50", StringComparison.Ordinal):
                break;
            case "send":
                Send(connection, frame);
                break;
            case "delivered":
                var cursor = Id(frame, "id");
                _state.Cursors[(connection.Device!, Text(frame, "channel"))] = cursor;
                if (_state.Channels[Text(frame, "channel")] is var delivered && delivered.Since(connection.User!) is not null)
                {
                    TellReceipt(delivered, connection.User!, delivered.Advance(connection.User!, cursor, 0));
                }

                break;
            case "read":
                if (_state.Channels[Text(frame, "channel")] is var read && read.Since(connection.User!) is not null)
                {
                    TellReceipt(read, connection.User!, _state.Read(read, connection.User!, Id(frame, "id")));
                }

                break;
            case "edit":
                Annotate(connection, frame, "edited", Text(frame, "text"));
                break;
            case "delete":
                Annotate(connection, frame, "deleted", null);
                break;
            case "react" or "unreact":
                Annotate(connection, frame, $"{Text(frame, "op")}ed", Text(frame, "emoji"));
                break;
        }
    }

    private void Annotate(FakeConnection connection, JsonObject frame, string type, string? text)
    {
        var channel = _state.Channels[Text(frame, "channel")];
        if (channel.Annotate(connection.User!, type, Id(frame, "id"), text) is not var (e, isNew))
        {
            connection.Post(new JsonObject
            {
                ["op"] = "error",
                ["ref"] = Text(frame, "ref"),
                ["code"] = "message_not_found",
                ["message"] = "no",
            });
            return;
        }

        connection.Post(new JsonObject { ["op"] = "ok", ["ref"] = Text(frame, "ref"), ["channel"] = channel.Id, ["id"] = e.Id.ToString() });
        if (isNew)
        {
            Deliver(channel, e, null);
        }
    }

    private void TellReceipt(FakeChannel channel, string user, (long Delivered, long Read)? news)
    {
        if (news is not var (delivered, read))
        {
            return;
        }

        foreach (var (member, _) in channel.Members)
        {
            var receipt = new JsonObject { ["op"] = "receipt", ["channel"] = channel.Id, ["user"] = user };
            if (delivered > 0)
            {
                receipt["delivered"] = delivered.ToString();
            }

            if (read > 0)
            {
                receipt["read"] = read.ToString();
            }

            Tell(member, receipt);
        }
    }

    private void Tell(string user, JsonObject frame)
    {
        foreach (var connection in _online.Values.Where(c => c.User == user))
        {
            connection.Post(frame.DeepClone().AsObject());
        }
    }

    private void Hello(FakeConnection connection, JsonObject frame)
    {
        (connection.User, connection.Device) = Session(Text(frame, "token"));
        _online.GetValueOrDefault(connection.Device)?.Cut();
        _online[connection.Device] = connection;
        foreach (var (channel, id) in frame["cursors"]?.AsObject() ?? [])
        {
            _state.Cursors[(connection.Device, channel)] = long.Parse(id!.GetValue<string>());
        }

        connection.Post(new JsonObject { ["op"] = "ok", ["ref"] = Text(frame, "ref"), ["user_id"] = connection.User, ["device_id"] = connection.Device });
        foreach (var channel in _state.Channels.Values.Where(c => c.Receives(connection.User)))
        {
            var joined = (channel.Since(connection.User) ?? 1) - 1;
            var cursor = Math.Max(joined, _state.Cursors.GetValueOrDefault((connection.Device, channel.Id)));
            var missed = channel.Events.Where(e => e.Id > cursor).ToList();
            if (missed.Count > 0)
            {
                connection.Post(new JsonObject
                {
                    ["op"] = "sync",
                    ["channel"] = channel.ToJson(connection.User),
                    ["events"] = new JsonArray([.. missed.Take(SyncLimit).Select(e => FakeChannel.ToJson(e, connection.User))]),
                    ["more"] = missed.Count > SyncLimit,
                });
            }
        }

        connection.Post(new JsonObject { ["op"] = "synced" });
        foreach (var channel in _state.Channels.Values.Where(c => c.Since(connection.User) is not null))
        {
            connection.Post(new JsonObject
            {
                ["op"] = "receipt",
                ["channel"] = channel.Id,
                ["user"] = connection.User,
                ["read"] = channel.ToJson(connection.User)["read"]!.GetValue<string>(),
            });
        }
    }

    private void Send(FakeConnection connection, JsonObject frame)
    {
        var channel = frame["channel"] is { } id ? _state.Channels[id.GetValue<string>()] : _state.Open("direct", connection.User!, Text(frame, "to"));
        var opened = channel.Events.Count == 1 && frame["to"] is not null;
        var (e, repeat) = _state.Post(channel, connection.User!, connection.Device!, Text(frame, "client_id"), Text(frame, "text"));
        if (opened)
        {
            Deliver(channel, channel.Events[0], null);
        }

        connection.Post(new JsonObject
        {
            ["op"] = "ok",
            ["ref"] = Text(frame, "ref"),
            ["channel"] = channel.Id,
            ["id"] = e.Id.ToString(),
            ["n"] = e.N,
            ["at"] = e.At,
            ["duplicate"] = repeat,
        });
        if (!repeat)
        {
            Deliver(channel, e, fault == Fault.EchoesSends ? null : connection);
        }
    }

    private void Deliver(FakeChannel channel, FakeEvent e, FakeConnection? except)
    {
        foreach (var connection in _online.Values.Where(c => c != except && channel.Receives(c.User!)))
        {
            var json = FakeChannel.ToJson(e, connection.User);
            json["op"] = "event";
            json["channel"] = channel.Id;
            connection.Post(json);
        }
    }
}
