using System.Text;
using System.Text.Json;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Gateway.Tests.Connections;
using ChatAkka.Gateway.Tests.Support;
using ChatAkka.Gateway.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Gateway.Tests.LongPoll;

/// <summary>Sessions by long poll against probes in place of the two regions. Time is the test's, and so are the sweeps.</summary>
public abstract class PollTestKit : ConnectionTestKit
{
    private const string Hello = """{"op":"ok","ref":"0","user_id":"1","device_id":"11",""";
    private const string Synced = """{"op":"synced"}""";

    private PollSessions? _sessions;

    internal static Authenticated Phone { get; } = new(Some.Kim, Some.KimsPhone);

    internal ConnectionRegistry Registry { get; } = new();

    internal ConnectionSweeper Sweeper => field ??= new ConnectionSweeper(
        [], Registry, Services.Accounts, new GatewayOptions(), TimeProvider.System, NullLogger<ConnectionSweeper>.Instance);

    internal PollSessions Sessions => _sessions ??= new PollSessions(
        new WebSocketAcceptor(Sys, new Lazy<ConnectionServices>(() => Services), Registry, Sweeper), Registry, Limits, Time,
        NullLogger<PollSessions>.Instance);

    internal PollSession Open(Authenticated? owner = null, bool polled = true)
    {
        owner ??= Phone;
        Sessions.TryOpen(owner, $"{owner.User}/{owner.Device}", polled, out var session).ShouldBeTrue();
        return session;
    }

    /// <summary>A session whose opening has been answered.</summary>
    internal async Task<PollSession> OpenSyncedAsync(Authenticated? owner = null)
    {
        var session = Open(owner);
        await SyncAsync(session);
        var answer = await PollAsync(session, 0);
        answer.Frames.Count.ShouldBe(2);
        return session;
    }

    /// <summary>Answers the hello of a session with nothing to sync, up to where it is written.</summary>
    internal async Task SyncAsync(PollSession session)
    {
        Attach();
        Users.Reply(SyncCompleted.Instance);
        await SettleAsync(session);
    }

    /// <summary>Whatever the actor was told before is done and flushed afterwards.</summary>
    internal async Task SettleAsync(PollSession session)
    {
        for (var i = 0; i < 2; i++)
        {
            (await PostAsync(session, """{"op":"delivered","channel":"1-2","id":"1"}""")).ShouldBe(Intake.Taken);
            Users.ExpectMsg<MoveCursor>();
        }
    }

    internal static Task<PollAnswer> BeginPoll(PollSession session, int timeoutMs = 30_000, CancellationToken cancel = default) =>
        session.PollAsync(TimeSpan.FromMilliseconds(timeoutMs), cancel);

    internal static Task<PollAnswer> PollAsync(PollSession session, int timeoutMs = 30_000) =>
        BeginPoll(session, timeoutMs).Within("the answer to a poll");

    internal static Task<Intake> PostAsync(PollSession session, params string[] frames) =>
        BeginPost(session, frames).Within("a post");

    internal static Task<Intake> BeginPost(PollSession session, params string[] frames) =>
        session.PostAsync([.. frames.Select(frame => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(frame)))], default);

    internal static string[] Texts(PollAnswer answer) => [.. answer.Frames.Select(Encoding.UTF8.GetString)];

    /// <summary>The frames' <c>op</c>s, in order, with what tells them apart.</summary>
    internal static string[] Ops(PollAnswer answer) => [.. answer.Frames.Select(frame =>
    {
        var json = JsonDocument.Parse(frame).RootElement;
        var detail = json.TryGetProperty("id", out var id) || json.TryGetProperty("ref", out id) || json.TryGetProperty("code", out id);
        return json.GetProperty("op").GetString() + (detail ? $" {id}" : "");
    })];

    internal static void ShouldBeOpening(IReadOnlyList<string> frames)
    {
        frames[0].ShouldStartWith(Hello);
        frames[^1].ShouldBe(Synced);
    }

    internal void Sweep() => Registry.Sweep(Time.GetTimestamp());

    internal Delivery Event(long id, int length = 2) =>
        new(Some.Direct, [Some.Message(id, Some.Lee, Some.LeesPhone, text: new string('x', length))]);

    /// <summary>The actor behind the session that attached last.</summary>
    internal Akka.Actor.IActorRef Actor => Users.LastSender;
}
