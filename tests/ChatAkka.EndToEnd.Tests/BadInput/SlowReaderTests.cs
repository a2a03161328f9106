using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>A client that never reads.</summary>
public sealed class SlowReaderTests(ServerFixture fixture) : BadInputTest(fixture), IClassFixture<ServerFixture>
{
    private const int Flood = 96 * 1024 * 1024;
    private const int Room = 64 * 1024 * 1024;

    [SkippableFact]
    public async Task Client_that_never_reads_is_closed_with_4429_and_takes_no_memory()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Reads the server's memory from /proc, which only Linux has; run it there.");
        var people = await MeetAsync("flooder", "offender", "reader");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        var flooder = await ConnectAsync(people[0]);
        var reader = await ConnectAsync(people[2]);
        using var offender = await RawWebSocket.OpenAsync(Server.Endpoint, receiveBuffer: 8 * 1024);
        await offender.SendAsync(RawFrame.Text(Json.Write(new { op = "hello", @ref = "1", token = people[1].Token })));
        while (new Frame((await offender.ReceiveAsync())!.Text).Op != "synced")
        {
        }

        // As much as a server of this size holds anyway once it has moved such messages: only what comes on top is the offender's.
        await FloodAsync(flooder, reader, group, "warm", 16 * 1024 * 1024);
        var before = Server.ResidentBytes();
        await FloodAsync(flooder, reader, group, "flood", Flood);

        (Server.ResidentBytes() - before).ShouldBeLessThan(Room, "the server kept what nobody reads");
        (await offender.ReadToEndAsync(TimeSpan.FromSeconds(30))).Code.ShouldBeOneOf(4429, 1006);
        var again = await ConnectAsync(people[1]);
        again.Syncs.ShouldNotBeEmpty("the device gets later what it didn't read");
    }

    private static async Task FloodAsync(ChatClient flooder, ChatClient reader, string group, string name, int bytes)
    {
        var text = new string('한', 30_000);
        var count = bytes / (3 * text.Length);
        for (var i = 0; i < count; i += 8)
        {
            List<string> references = [];
            for (var j = i; j < i + 8; j++)
            {
                references.Add(await flooder.BeginAsync(new { op = "send", channel = group, client_id = $"{name}{j}", text = text + name }));
            }

            long last = 0;
            foreach (var reference in references)
            {
                last = (await flooder.ReplyAsync(reference, Wait.Soon)).ShouldBeOk().Id;
            }

            await reader.TakeAsync("the flood reaches the one who reads", f => f.Op == "event" && f.Id == last);
        }
    }
}
