using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ChatAkka.Replay.Server;
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

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, Ports.Free());

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
        _app.MapPost("/v1/users", (JsonObject body) => Locked(() => new JsonObject { ["user_id"] = _state.User(Text(body, "username")) }, 201));
        _app.MapPost("/v1/sessions", (JsonObject body) => Locked(() => LogIn(Text(body, "username")), 201));
        _app.MapPost("/v1/channels", (HttpContext http, JsonObject body) => Locked(() => OpenChannel(Caller(http), body), 201));
        _app.MapGet("/v1/channels/{id}", (string id) => Locked(() => _state.Channels[id].ToJson()));
        _app.MapGet("/v1/channels/{id}/messages", (string id, long? before, long? after, int limit) => Locked(() => Page(_state.Channels[id], before, after, limit)));
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

    private IResult Locked(Func<JsonObject> act, int status = 200)
    {
        lock (_lock)
        {
            return Results.Text(act().ToJsonString(), "application/json", Encoding.UTF8, status);
        }
    }

    private JsonObject LogIn(string username)
    {
        var session = (User: _state.User(username), Device: _state.NewId());
        var token = $"session-{session.Device}";
        _state.Sessions[token] = session;
        return new JsonObject { ["token"] = token, ["user_id"] = session.User, ["device_id"] = session.Device };
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
        return new JsonObject { ["channel"] = channel.ToJson() };
    }

    private JsonObject Page(FakeChannel channel, long? before, long? after, int limit)
    {
        var hidden = fault == Fault.HidesFromHistory ? 5 : 0;
        var messages = channel.Events.Where(e => e.Type == "message" && e.Id != hidden).ToList();
        var side = messages.Where(e => (before is null || e.Id < before) && (after is null || e.Id > after)).ToList();
        var page = (after is null ? side.TakeLast(limit) : side.Take(limit)).ToList();
        return new JsonObject
        {
            ["messages"] = new JsonArray([.. page.Select(e => ToJson(e, null))]),
            ["has_before"] = page.Count > 0 && messages[0].Id < page[0].Id,
            ["has_after"] = page.Count > 0 && messages[^1].Id > page[^1].Id,
        };
    }

    private static JsonObject ToJson(FakeEvent e, string? viewer)
    {
        var json = new JsonObject { ["id"] = e.Id.ToString(), ["n"] = e.N, ["at"] = 0, ["from"] = e.From, ["type"] = e.Type };
        if (e.Text is not null)
        {
            json["text"] = e.Text;
        }

        if (e.ClientId is not null && viewer == e.From)
        {
            json["client_id"] = e.ClientId;
        }

        return json;
    }

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
                _state.Cursors[(connection.Device!, Text(frame, "channel"))] = long.Parse(Text(frame, "id"));
                break;
            case "history":
                var page = Page(_state.Channels[Text(frame, "channel")], null, long.Parse(Text(frame, "after")), frame["limit"]!.GetValue<int>());
                page["op"] = "ok";
                page["ref"] = Text(frame, "ref");
                connection.Post(page);
                break;
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
        foreach (var channel in _state.Channels.Values.Where(c => c.Members.Contains(connection.User)))
        {
            var cursor = _state.Cursors.GetValueOrDefault((connection.Device, channel.Id));
            var missed = channel.Events.Where(e => e.Id > cursor).ToList();
            if (missed.Count > 0)
            {
                connection.Post(new JsonObject
                {
                    ["op"] = "sync",
                    ["channel"] = channel.ToJson(),
                    ["events"] = new JsonArray([.. missed.Take(SyncLimit).Select(e => ToJson(e, connection.User))]),
                    ["more"] = missed.Count > SyncLimit,
                });
            }
        }

        connection.Post(new JsonObject { ["op"] = "synced" });
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
            ["at"] = 0,
            ["duplicate"] = repeat,
        });
        if (!repeat)
        {
            Deliver(channel, e, fault == Fault.EchoesSends ? null : connection);
        }
    }

    private void Deliver(FakeChannel channel, FakeEvent e, FakeConnection? except)
    {
        foreach (var connection in _online.Values.Where(c => c != except && channel.Members.Contains(c.User)))
        {
            var json = ToJson(e, connection.User);
            json["op"] = "event";
            json["channel"] = channel.Id;
            connection.Post(json);
        }
    }
}
