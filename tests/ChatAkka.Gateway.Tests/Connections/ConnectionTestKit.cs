using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

/// <summary>Connections against probes in place of the two regions.</summary>
public abstract class ConnectionTestKit : TestKit
{
    private ConnectionServices? _services;

    protected ConnectionTestKit() => (Channels, Users) = (CreateTestProbe(), CreateTestProbe());

    protected TestProbe Channels { get; }

    protected TestProbe Users { get; }

    internal ManualTime Time { get; } = new();

    internal FakeAuthenticator Authenticator { get; } = new();

    internal FakeTimeline Timeline { get; } = new();

    internal LimitsOptions Limits { get; set; } = new();

    internal ConnectionServices Services => _services ??= Socket.Services(Channels, Users, Authenticator, Timeline, Limits, Time);

    internal Socket Connect(int outputBytes = 64 * 1024) => new(Sys, Services, outputBytes);

    /// <summary>A socket that has said hello as a device and is synced.</summary>
    internal async Task<Socket> OpenAsync(UserId? user = null, DeviceId? device = null, int outputBytes = 64 * 1024)
    {
        var socket = Connect(outputBytes);
        await HelloAsync(socket, user, device);
        Users.Reply(SyncCompleted.Instance);
        (await socket.ReadAsync("synced")).ShouldBe("""{"op":"synced"}""");
        return socket;
    }

    /// <summary>Says hello and reads its ok; the attaching is the users' last message, and answered.</summary>
    internal async Task<AttachSession> HelloAsync(Socket socket, UserId? user = null, DeviceId? device = null)
    {
        socket.Send($$"""{"op":"hello","ref":"h","token":"{{user ?? Some.Kim}}/{{device ?? Some.KimsPhone}}"}""");
        (await socket.ReadAsync("the ok of hello")).ShouldStartWith("""{"op":"ok","ref":"h","user_id":""");
        return Attach();
    }

    /// <summary>The users take a session that attaches.</summary>
    internal AttachSession Attach()
    {
        var attach = Users.ExpectMsg<AttachSession>();
        Users.Reply(new SessionAttached(attach.Attempt));
        return attach;
    }

    internal static string Send(string reference, string text = "안녕", string clientId = "c") =>
        $$"""{"op":"send","ref":"{{reference}}","channel":"1-2","client_id":"{{clientId}}","text":"{{text}}"}""";

    internal PostMessage ExpectPost() => Channels.ExpectMsg<PostMessage>();

    internal static Posted Ok(PostMessage post, long id, bool duplicate = false) =>
        new(post.Channel, post.Request, id, id, 1_000 + id, duplicate);
}
