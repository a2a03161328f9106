using System.Text;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>What is no frame of the protocol, or none of RFC 6455.</summary>
public sealed class FrameTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    private const int MaxFrame = 1024 * 1024;

    public static TheoryData<string> NotFrames => new()
    {
        "", " ", "not json", "{", "{]", "nul", "\"text\"", "42", "null", "true", "[]", "[{\"op\":\"heartbeat\"}]", "{}", "{\"ref\":\"1\"}",
        "{\"op\":42}", "{\"op\":null}", "{\"op\":{}}", "{\"op\":\"heartbeat\"} trailing", "{\"op\":\"heartbeat\"}{\"op\":\"heartbeat\"}",
        "{'op':'heartbeat'}", "{\"op\":\"heartbeat\",}", "// comment\n{\"op\":\"heartbeat\"}", "\uFEFF{\"op\":\"heartbeat\"}",
    };

    public static TheoryData<string, byte[]> Violations => new()
    {
        { "an unmasked frame", (RawFrame.Text("{\"op\":\"heartbeat\"}") with { Masked = false }).Encode() },
        { "reserved bit 1", (RawFrame.Text("{\"op\":\"heartbeat\"}") with { Reserved = 4 }).Encode() },
        { "reserved bit 2", (RawFrame.Text("{\"op\":\"heartbeat\"}") with { Reserved = 2 }).Encode() },
        { "reserved bit 3", (RawFrame.Text("{\"op\":\"heartbeat\"}") with { Reserved = 1 }).Encode() },
        { "reserved opcode 3", new RawFrame(3, "x"u8.ToArray()).Encode() },
        { "reserved opcode 11", new RawFrame(11, "x"u8.ToArray()).Encode() },
        { "a continuation of nothing", new RawFrame(RawFrame.Continuation, "x"u8.ToArray()).Encode() },
        { "a text inside a fragmented text", [.. (RawFrame.Text("{\"op\":") with { Final = false }).Encode(), .. RawFrame.Text("{}").Encode()] },
        { "a fragmented ping", (RawFrame.Ping("x") with { Final = false }).Encode() },
        { "a ping of 126 bytes", RawFrame.Ping(new string('x', 126)).Encode() },
        { "a close of one byte", new RawFrame(RawFrame.CloseCode, new byte[1]).Encode() },
        { "a close with a code that nobody may send", RawFrame.Close(1006).Encode() },
        { "a length with its highest bit set", [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4] },
        { "a length in more bytes than it needs", [0x81, 0xFE, 0, 5, 0, 0, 0, 0, .. "hello"u8] },
    };

    [Theory]
    [MemberData(nameof(NotFrames))]
    public async Task Text_that_is_no_object_with_an_op_closes_with_4400(string text)
    {
        var client = await ConnectAsync(await MeetAsync("offender"));

        await client.SendTextAsync(text);

        (await client.ClosedAsync()).ShouldBe(new Closing(4400, "bad_frame"));
    }

    [Fact]
    public async Task Frame_nested_a_thousand_levels_deep_closes_with_4400()
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var client = await ConnectAsync(await MeetAsync("offender"));

            var deep = string.Concat(Enumerable.Repeat(open, 1000)) + "1" + string.Concat(Enumerable.Repeat(close, 1000));
            await client.SendTextAsync($$"""{"op":"heartbeat","x":{{deep}}}""");

            (await client.ClosedAsync()).Code.ShouldBe(4400);
        }
    }

    [Fact]
    public async Task Binary_frame_closes_with_4400()
    {
        var client = await ConnectAsync(await MeetAsync("offender"));

        await client.SendAsync(RawFrame.Binary("{\"op\":\"heartbeat\",\"ref\":\"1\"}"u8.ToArray()));

        (await client.ClosedAsync()).Code.ShouldBe(4400);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_of_the_framing_closes_with_1002(string what, byte[] bytes)
    {
        var client = await ConnectAsync(await MeetAsync("offender"));

        await client.SendBytesAsync(bytes);

        (await client.ClosedAsync()).Code.ShouldBe(1002, what);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_closes_with_1007()
    {
        foreach (var bytes in new byte[][] { [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0xBD], [0xF4, 0x90, 0x80, 0x80] })
        {
            var client = await ConnectAsync(await MeetAsync("offender"));

            await client.SendAsync(new RawFrame(RawFrame.TextCode, (byte[])[.. "{\"op\":\"heartbeat\",\"ref\":\""u8, .. bytes, .. "\"}"u8]));

            (await client.ClosedAsync()).Code.ShouldBe(1007, Convert.ToHexString(bytes));
        }
    }

    [Fact]
    public async Task Frame_that_claims_to_be_over_a_mebibyte_closes_with_1009_before_it_is_sent()
    {
        foreach (var length in new ulong[] { MaxFrame + 1, int.MaxValue, uint.MaxValue, long.MaxValue })
        {
            var client = await ConnectAsync(await MeetAsync("offender"));

            await client.SendAsync(RawFrame.Text("{\"op\":") with { ClaimedLength = length });

            (await client.ClosedAsync()).Code.ShouldBe(1009, $"{length}");
        }
    }

    [Fact]
    public async Task Frame_that_is_over_a_mebibyte_closes_with_1009()
    {
        var client = await ConnectAsync(await MeetAsync("offender"));

        await client.SendTextAsync(Heartbeat(MaxFrame + 1));

        (await client.ClosedAsync()).Code.ShouldBe(1009);
    }

    [Fact]
    public async Task Frame_of_exactly_a_mebibyte_is_served()
    {
        var client = await ConnectAsync(await MeetAsync("sender"));

        await client.SendTextAsync(Heartbeat(MaxFrame));

        (await client.ReplyAsync("big")).ShouldBeOk();
    }

    [Fact]
    public async Task Fragments_of_a_message_that_never_ends_close_with_1009()
    {
        var client = await ConnectAsync(await MeetAsync("offender"));
        var piece = (new RawFrame(RawFrame.Continuation, Encoding.UTF8.GetBytes(new string('x', 60_000))) with { Final = false }).Encode();
        await client.SendAsync(RawFrame.Text("{\"op\":\"heartbeat\",\"x\":\"") with { Final = false });

        for (var i = 0; i < 1_000 && !client.Closed.IsCompleted; i++)
        {
            await client.SendBytesAsync(piece);
        }

        (await client.ClosedAsync()).Code.ShouldBe(1009);
    }

    [Fact]
    public async Task First_fragment_beyond_a_mebibyte_closes_with_1009()
    {
        var client = await ConnectAsync(await MeetAsync("offender"));
        var piece = (new RawFrame(RawFrame.Continuation, new byte[MaxFrame / 2]) with { Final = false }).Encode();
        await client.SendAsync(RawFrame.Text("{") with { Final = false });
        await client.SendBytesAsync(piece);

        var next = new RawFrame(RawFrame.Continuation, ReadOnlyMemory<byte>.Empty) with { Final = false, ClaimedLength = MaxFrame / 2 };
        await client.SendAsync(next);

        (await client.ClosedAsync()).Code.ShouldBe(1009);
    }

    [Fact]
    public async Task Empty_fragments_without_end_take_no_memory()
    {
        using var socket = await OpenSessionAsync();
        await socket.SendAsync(RawFrame.Text("{\"op\":") with { Final = false });
        var empty = new RawFrame(RawFrame.Continuation, ReadOnlyMemory<byte>.Empty) with { Final = false };
        var thousand = Enumerable.Range(0, 1000).SelectMany(_ => empty.Encode()).ToArray();

        for (var i = 0; i < 200 && await socket.TrySendAsync(thousand); i++)
        {
        }

        await Bystanders.ChatOnAsync();
    }

    [Fact]
    public async Task Fragmented_message_with_pings_in_between_is_served()
    {
        var client = await ConnectAsync(await MeetAsync("sender"));
        var text = Encoding.UTF8.GetBytes("{\"op\":\"heartbeat\",\"ref\":\"조각 😀\"}");

        // Cut inside characters too.
        for (var i = 0; i < text.Length; i++)
        {
            var opCode = i == 0 ? RawFrame.TextCode : RawFrame.Continuation;
            await client.SendAsync(new RawFrame(opCode, text.AsMemory(i, 1)) { Final = i == text.Length - 1 });
            await client.SendAsync(RawFrame.Ping());
        }

        (await client.ReplyAsync("조각 😀")).ShouldBeOk();
    }

    [Fact]
    public async Task Frame_that_trickles_in_byte_by_byte_is_served()
    {
        var client = await ConnectAsync(await MeetAsync("sender"));

        foreach (var one in RawFrame.Text("{\"op\":\"heartbeat\",\"ref\":\"slow\"}").Encode())
        {
            await client.SendBytesAsync(new[] { one });
        }

        (await client.ReplyAsync("slow")).ShouldBeOk();
    }

    [Fact]
    public async Task Vanishing_in_the_middle_of_a_frame_harms_nobody()
    {
        for (var i = 0; i < 20; i++)
        {
            var socket = await OpenSessionAsync();
            await socket.SendAsync(RawFrame.Text("{\"op\":") with { ClaimedLength = 1000 });
            socket.Reset();
        }

        await Bystanders.ChatOnAsync();
    }

    [Fact]
    public async Task Ping_flood_of_a_client_that_does_not_read_takes_no_memory()
    {
        using var socket = await OpenSessionAsync(receiveBuffer: 4096);
        var pings = Enumerable.Range(0, 1000).SelectMany(_ => RawFrame.Ping(new string('p', 120)).Encode()).ToArray();
        var before = Server.ResidentBytes();

        // Until the server cuts it or stops reading it.
        for (var i = 0; i < 400; i++)
        {
            try
            {
                if (!await socket.TrySendAsync(pings, TimeSpan.FromSeconds(2)))
                {
                    break;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Bystanders.ChatOnAsync();
        (Server.ResidentBytes() - before).ShouldBeLessThan(48L * 1024 * 1024);
    }

    private static string Heartbeat(int bytes)
    {
        const string start = "{\"op\":\"heartbeat\",\"ref\":\"big\",\"x\":\"", end = "\"}";
        return start + new string('x', bytes - start.Length - end.Length) + end;
    }

    /// <summary>A session on a socket that nothing is read from by itself.</summary>
    private async Task<RawWebSocket> OpenSessionAsync(int? receiveBuffer = null)
    {
        var person = await MeetAsync("offender");
        var socket = await RawWebSocket.OpenAsync(Server.Endpoint, receiveBuffer);
        await socket.SendAsync(RawFrame.Text(Json.Write(new { op = "hello", @ref = "1", token = person.Token })));
        new Frame((await socket.ReceiveAsync())!.Text).Op.ShouldBe("ok");
        new Frame((await socket.ReceiveAsync())!.Text).Op.ShouldBe("synced");
        return socket;
    }
}
