using System.Net.Security;
using System.Net.Sockets;
using ChatAkka.Client.Events;
using ChatAkka.MultiNode.Tests.Harness;

namespace ChatAkka.MultiNode.Tests.Nodes;

/// <summary>Nobody notices that there are several nodes.</summary>
public abstract class TalkContract : ClusterTest
{
    private protected TalkContract(ClusterFixture cluster)
        : base(cluster)
    {
    }

    [SkippableFact]
    public async Task Everybody_talks_to_everybody_whatever_node_they_are_on()
    {
        var guests = await Task.WhenAll(Nodes.Select(node => MeetAsync("guest", node)));

        foreach (var one in guests)
        {
            foreach (var other in guests.Where(g => g != one))
            {
                var sent = await one.Chat.SendToAsync(other.UserId, $"from {one.UserId}").Within("an ok");
                await other.SeesAsync<MessageReceived>("a message of another node", e => e.Channel == sent.Channel && e.Id == sent.Id);
            }
        }
    }

    [SkippableFact]
    public async Task Group_over_all_nodes_sees_the_same_in_the_same_order()
    {
        var guests = await Task.WhenAll(Nodes.Concat(Nodes).Select(node => MeetAsync("member", node)));
        var group = (await guests[0].Http.CreateGroupAsync("group", guests.Skip(1).Select(g => g.UserId))).Channel.Id;

        var sends = Enumerable.Range(0, 300).Select(i => guests[i % guests.Length].Chat.SendAsync(group, $"text number {i}"));
        var head = (await Task.WhenAll(sends).Within("all oks")).Max(s => s.Id);

        foreach (var guest in guests)
        {
            await guest.SeesAsync<ChannelEvent>($"event {head}", e => e.Channel == group && e.Id == head);
            guest.In(group).Select(e => e.Id).ShouldBe(Enumerable.Range(1, (int)head).Select(id => (long)id));
            guest.In(group).OfType<MessageReceived>().Select(e => e.Text).ShouldBe(guests[0].In(group).OfType<MessageReceived>().Select(e => e.Text));
            guest.Chat.GapsRepaired.ShouldBe(0);
        }
    }

    [SkippableFact]
    public async Task Repeat_on_another_node_creates_nothing()
    {
        var (anna, ben) = (await MeetAsync("anna", Nodes[0]), await MeetAsync("ben", Nodes[1]));
        var options = new Client.SendOptions { ClientId = "once" };
        var first = await anna.Chat.SendToAsync(ben.UserId, "said once", options).Within("an ok");

        await anna.DisposeAsync();
        var again = await ConnectAsync(anna.Token, Nodes[2]);
        var second = await again.Chat.SendAsync(first.Channel, "said once", options).Within("an ok");

        second.Id.ShouldBe(first.Id);
    }

    [SkippableFact]
    public async Task Device_that_comes_back_on_another_node_gets_what_it_missed_and_nothing_else()
    {
        var (anna, ben) = (await MeetAsync("anna", Nodes[0]), await MeetAsync("ben", Nodes[1]));
        var first = await anna.Chat.SendToAsync(ben.UserId, "seen").Within("an ok");
        await ben.SeesAsync<MessageReceived>("the first message", e => e.Id == first.Id);
        await ben.DisposeAsync();

        var missed = await anna.Chat.SendAsync(first.Channel, "missed").Within("an ok");
        var back = await ConnectAsync(ben.Token, Nodes[2]);

        await back.SeesAsync<MessageReceived>("what was missed", e => e.Id == missed.Id);
        back.In(first.Channel).ShouldHaveSingleItem();
    }

    [SkippableFact]
    public async Task Receipts_edits_and_typing_cross_nodes()
    {
        var (anna, ben) = (await MeetAsync("anna", Nodes[0]), await MeetAsync("ben", Nodes[1]));
        var sent = await anna.Chat.SendToAsync(ben.UserId, "to be red").Within("an ok");

        await anna.Chat.EditAsync(sent.Channel, sent.Id, "to be read").Within("an ok");
        await ben.SeesAsync<MessageEdited>("the edit", e => e.Target == sent.Id && e.Text == "to be read");
        ben.Chat.MarkRead(sent.Channel, sent.Id);
        await anna.SeesAsync<ReceiptMoved>("that it was read", e => e.User == ben.UserId && e.Read == sent.Id);
        ben.Chat.Typing(sent.Channel);
        await anna.SeesAsync<UserTyping>("that he types", e => e.User == ben.UserId);
    }
}

/// <summary>Over plain TCP.</summary>
public sealed class TalkTests(PlainCluster cluster) : TalkContract(cluster), IClassFixture<PlainCluster>;

/// <summary>Over links on which both sides show a certificate.</summary>
public sealed class TalkOverTlsTests(TlsCluster cluster) : TalkContract(cluster), IClassFixture<TlsCluster>
{
    [SkippableFact]
    public async Task Port_between_nodes_shows_the_nodes_certificate()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Nodes[0].Address!.Bound).Within("a connection");
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);

        // In TLS 1.3 the handshake is over for the client before the server has missed its certificate.
        await stream.AuthenticateAsClientAsync("127.0.0.1").Within("the handshake");

        stream.RemoteCertificate!.Subject.ShouldBe("CN=node");
    }
}
