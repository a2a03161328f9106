using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>A group with one who floods it, one who reads it and one who doesn't.</summary>
public abstract class SlowReaderTest : BadInputTest
{
    private protected SlowReaderTest(ServerFixture fixture)
        : base(fixture)
    {
    }

    private protected async Task<(ChatClient Flooder, ChatClient Reader, string Group, Person Deaf)> GroupAsync()
    {
        var people = await MeetAsync("flooder", "offender", "reader");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1], people[2]);
        return (await ConnectAsync(people[0]), await ConnectAsync(people[2]), group, people[1]);
    }

    private protected async Task<RawWebSocket> OpenDeafAsync(Person person)
    {
        var socket = await RawWebSocket.OpenAsync(Server.Endpoint, receiveBuffer: 8 * 1024);
        await socket.SendAsync(RawFrame.Text(Json.Write(new { op = "hello", @ref = "1", token = person.Token })));
        while (new Frame((await socket.ReceiveAsync())!.Text).Op != "synced")
        {
            // What it missed so far.
        }

        return socket;
    }

    private protected static async Task FloodAsync(ChatClient flooder, ChatClient reader, string group, string name, int bytes)
    {
        var text = new string('한', 30_000);
        var count = bytes / (3 * text.Length);
        for (var i = 0; i < count; i += 8)
        {
            List<string> references = [];
            for (var j = i; j < i + 8; j++)
            {
                references.Add(await flooder.BeginPostAsync(group, $"{name}{j}", text + name));
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
