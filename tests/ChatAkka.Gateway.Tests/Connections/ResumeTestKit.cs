using Akka.Actor;
using Akka.TestKit;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Connections;

/// <summary>Connections whose user's actor is a probe of its own, one for each incarnation; <see cref="ConnectionTestKit.Users"/> is the
/// region only.</summary>
public abstract class ResumeTestKit : ConnectionTestKit
{
    /// <summary>A socket that is synced by an incarnation of the user's actor, which has gone live with it a while ago.</summary>
    internal async Task<(Socket Socket, TestProbe User)> OpenAtAsync()
    {
        var socket = Connect();
        socket.Send($$"""{"op":"hello","ref":"h","token":"{{Some.Kim}}/{{Some.KimsPhone}}"}""");
        (await socket.ReadAsync("the ok of hello")).ShouldStartWith("""{"op":"ok","ref":"h",""");
        var user = Take(socket, ExpectAttach());
        user.Send(socket.Actor, SyncCompleted.Instance);
        (await socket.ReadAsync()).ShouldBe("""{"op":"synced"}""");
        Time.Advance(1_000);
        return (socket, user);
    }

    internal AttachSession ExpectAttach() => Users.ExpectMsg<AttachSession>();

    /// <summary>A new incarnation takes the session.</summary>
    internal TestProbe Take(Socket socket, AttachSession attach)
    {
        var user = CreateTestProbe();
        user.Send(socket.Actor, new SessionAttached(attach.Attempt));
        return user;
    }

    /// <summary>An incarnation goes, and the connection tells the region: at once, or a second after it went live.</summary>
    internal AttachSession Interrupt(Socket socket, TestProbe user)
    {
        user.Send(socket.Actor, SessionInterrupted.Instance);
        AwaitCondition(
            () =>
            {
                if (!Users.HasMessages)
                {
                    Sweep(socket, 500);
                }

                return Users.HasMessages;
            },
            TimeSpan.FromSeconds(10));
        return ExpectAttach();
    }

    /// <summary>An incarnation goes, and the next one brings the session to where it is live.</summary>
    internal TestProbe Resume(Socket socket, TestProbe user, params object[] messages)
    {
        var next = Take(socket, Interrupt(socket, user));
        foreach (var message in messages)
        {
            next.Send(socket.Actor, message);
        }

        next.Send(socket.Actor, SyncCompleted.Instance);
        return next;
    }

    internal static Delivery Events(params long[] ids) => Events(Some.Direct, ids);

    internal static Delivery Events(ChannelId channel, params long[] ids) =>
        new(channel, [.. ids.Select(id => Some.Message(id, Some.Lee, Some.LeesPhone))]);

    /// <summary>The ids of the next events; fails if anything else comes.</summary>
    internal static async Task<List<long>> ReadIdsAsync(Socket socket, int count)
    {
        List<long> ids = [];
        while (ids.Count < count)
        {
            var frame = await socket.ReadJsonAsync($"event {ids.Count} of {count}");
            frame.GetProperty("op").GetString().ShouldBe("event", frame.ToString());
            ids.Add(long.Parse(frame.GetProperty("id").GetString()!));
        }

        return ids;
    }

    /// <summary>Returns when the socket has written all that it was told before; fails if that was anything.</summary>
    internal static async Task ExpectNothingAsync(Socket socket)
    {
        socket.Send("""{"op":"heartbeat","ref":"nothing"}""");
        (await socket.ReadAsync()).ShouldStartWith("""{"op":"ok","ref":"nothing",""");
    }

    internal void Sweep(Socket socket, int afterMs = 0)
    {
        Time.Advance(afterMs);
        socket.Connection.Sweep(Time.GetTimestamp()).ShouldBeTrue();
    }
}
