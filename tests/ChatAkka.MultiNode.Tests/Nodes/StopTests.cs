using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using ChatAkka.MultiNode.Tests.Harness;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Nodes;

/// <summary>A node that is told to stop says good-bye, to its clients and to the other nodes.</summary>
public sealed class StopTests(PlainCluster cluster, ITestOutputHelper output) : ClusterTest(cluster), IClassFixture<PlainCluster>
{
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Stopping_node_is_not_ready_at_once_sends_its_clients_to_the_others_and_ends_well()
    {
        await AllAreOfferedAsync();
        using var socket = await HelloAsync(Nodes[2].Http, NewPerson("leaver"));
        var node = Nodes[2];

        node.BeginStop();
        var started = Stopwatch.GetTimestamp();
        while (await node.AskAsync() is (HttpStatusCode.OK, _))
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1), "a node that stops was ready for a second");
        }

        var frames = await ReadToEndAsync(socket).Within("the close of the socket");
        var reconnect = frames.OfType<ReconnectServerFrame>().ShouldHaveSingleItem();
        reconnect.Servers.Select(s => s.Node).Order().ShouldBe(["node-1", "node-2"]);
        ((CloseCode?)(int?)socket.CloseStatus).ShouldBe(CloseCode.GoingAway);
        var end = await node.EndOfStopAsync(Stopped);
        output.WriteLine($"ended after {end.Took.TotalSeconds:0.0} s");
        end.Code.ShouldBe(0);
        await node.StartAsync();
    }

    [SkippableFact]
    public async Task Clients_of_a_stopping_node_go_on_without_an_error()
    {
        var (anna, ben) = (await MeetAsync("anna", Nodes[0]), await MeetAsync("ben", Nodes[1]));
        var channel = (await anna.Chat.SendToAsync(ben.UserId, "hello").Within("an ok")).Channel;
        await using var roaming = new Client.ChatClient(new Client.ChatClientOptions
        {
            Token = Tokens.Mint("roamer", "phone", "roamer"),
            Servers = [.. Nodes.Reverse().Select(n => new Uri($"ws://{n.Http}/v1/ws"))],
        });
        await roaming.ConnectAsync().Within("a client's first sync");
        await roaming.SendToAsync(anna.UserId, "hello").Within("an ok");

        Nodes[2].BeginStop();
        var sends = Enumerable.Range(0, 50).Select(i => anna.Chat.SendAsync(channel, $"text number {i}"));
        (await Task.WhenAll(sends).Within("all oks")).Select(s => s.Id).ShouldBeUnique();
        (await roaming.SendToAsync(anna.UserId, "from elsewhere").Within("an ok of another node")).Id.ShouldBeGreaterThan(1);

        (await Nodes[2].EndOfStopAsync(Stopped)).Code.ShouldBe(0);
        await Nodes[2].StartAsync();
    }

    private static async Task<ClientWebSocket> HelloAsync(IPEndPoint node, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(ProtocolLimits.SubProtocol);
        await socket.ConnectAsync(new Uri($"ws://{node}/v1/ws"), CancellationToken.None).Within("a WebSocket");
        var hello = System.Text.Encoding.UTF8.GetBytes($$"""{"op":"hello","ref":"1","token":"{{token}}"}""");
        await socket.SendAsync(hello, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        (await ReadAsync(socket).Within("the welcome")).ShouldBeOfType<OkServerFrame>();
        (await ReadAsync(socket).Within("the end of the sync")).ShouldBeOfType<SyncedServerFrame>();
        return socket;
    }

    private static async Task<List<ServerFrame>> ReadToEndAsync(ClientWebSocket socket)
    {
        List<ServerFrame> frames = [];
        while (await ReadAsync(socket) is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    private static async Task<ServerFrame?> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        if (result.MessageType == WebSocketMessageType.Close)
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return null;
        }

        return ServerFrameDecoder.Decode(buffer.AsSpan(0, result.Count));
    }
}
