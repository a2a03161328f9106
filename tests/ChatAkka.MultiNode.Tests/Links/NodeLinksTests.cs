using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ChatAkka.MultiNode.Tests.Links;

public sealed class NodeLinksTests : LinkTest
{
    [SkippableFact]
    public async Task Whole_links_pass_on_everything_both_ways_and_the_end()
    {
        var (dialer, target) = await ConnectAsync(0, 1);

        await SayAsync(dialer, "there");
        (await HearAsync(target)).ShouldBe("there");
        await SayAsync(target, "back");
        (await HearAsync(dialer)).ShouldBe("back");
        Links.Connections.ShouldBe(1);
        dialer.Shutdown(SocketShutdown.Send);
        (await HearAsync(target)).ShouldBe("");
        await SayAsync(target, "one half is open");
        (await HearAsync(dialer)).ShouldBe("one half is open");
    }

    [SkippableFact]
    public async Task Many_bytes_pass_unchanged()
    {
        var (dialer, target) = await ConnectAsync(2, 0);
        var sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        var sending = dialer.SendAsync(sent);
        var received = new byte[sent.Length];
        for (var at = 0; at < received.Length;)
        {
            at += await target.ReceiveAsync(received.AsMemory(at)).AsTask().Within("the rest");
        }

        await sending;
        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Cut_keeps_what_is_sent_until_it_is_healed()
    {
        var (dialer, target) = await ConnectAsync(0, 1);

        Links.Isolate(1);
        await SayAsync(dialer, "a");
        await SayAsync(target, "b");
        await NothingAsync(target);
        await NothingAsync(dialer);
        Links.Heal();

        (await HearAsync(target)).ShouldBe("a");
        (await HearAsync(dialer)).ShouldBe("b");
    }

    [SkippableFact]
    public async Task Cut_one_way_lets_the_other_way_through()
    {
        var (dialer, target) = await ConnectAsync(0, 1);

        Links.Mute(0);
        await SayAsync(dialer, "a");
        await SayAsync(target, "b");
        (await HearAsync(dialer)).ShouldBe("b");
        await NothingAsync(target);
        Links.Heal();
        (await HearAsync(target)).ShouldBe("a");

        Links.Deafen(0);
        await SayAsync(dialer, "c");
        await SayAsync(target, "d");
        (await HearAsync(target)).ShouldBe("c");
        await NothingAsync(dialer);
        Links.Heal();
        (await HearAsync(dialer)).ShouldBe("d");
    }

    [SkippableFact]
    public async Task Cut_of_one_node_leaves_the_others_alone()
    {
        var (dialer, target) = await ConnectAsync(0, 2);

        Links.Isolate(1);
        await SayAsync(dialer, "a");

        (await HearAsync(target)).ShouldBe("a");
    }

    [SkippableFact]
    public async Task Cut_hides_the_end_of_a_node_until_it_is_healed()
    {
        var (dialer, target) = await ConnectAsync(0, 1);

        Links.Cut(0, 1);
        await SayAsync(dialer, "unread"); // so that the end is a reset
        target.Close();
        await NothingAsync(dialer);
        Links.Heal();

        (await HearAsync(dialer)).ShouldBeOneOf("", null);
    }

    [SkippableFact]
    public async Task Connection_that_is_opened_during_a_cut_arrives_when_it_is_healed()
    {
        Links.Mute(1); // the answer would be lost
        var dialer = await DialAsync(0, 1);
        await SayAsync(dialer, "a");
        await NoConnectionAsync(1);
        Links.Heal();

        (await HearAsync(await AcceptAsync(1))).ShouldBe("a");
    }

    [SkippableFact]
    public async Task Connection_that_was_given_up_during_a_cut_never_arrives()
    {
        Links.Cut(0, 1);
        (await DialAsync(0, 1)).Close();
        await NoConnectionAsync(1);
        Links.Heal();

        await NoConnectionAsync(1);
    }

    [SkippableFact]
    public async Task Reset_breaks_the_connections_between_two_nodes_whoever_opened_them()
    {
        var (dialer, target) = await ConnectAsync(0, 1);
        var (opposite, other) = await ConnectAsync(1, 0);
        var (bystander, witness) = await ConnectAsync(2, 1);

        Links.Reset(0, 1);

        foreach (var end in new[] { dialer, target, opposite, other })
        {
            (await HearAsync(end)).ShouldBeNull();
        }

        await SayAsync(bystander, "a");
        (await HearAsync(witness)).ShouldBe("a");
        await ConnectAsync(0, 1);
    }

    [SkippableFact]
    public async Task Delay_keeps_everything_for_so_long()
    {
        var (dialer, target) = await ConnectAsync(0, 1);
        Links[0, 1].Delay = TimeSpan.FromMilliseconds(300);

        var started = Stopwatch.GetTimestamp();
        await SayAsync(dialer, "a");
        (await HearAsync(target)).ShouldBe("a");
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(290));
    }

    [SkippableFact]
    public async Task Node_that_is_not_there_resets_who_connects()
    {
        var (dialer, target) = await ConnectAsync(0, 1);
        Gone(1);
        target.Close();

        (await HearAsync(dialer)).ShouldBe("");
        (await DialAndHearAsync(0, 1)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Stranger_is_refused_and_counted()
    {
        var stranger = NewSocket();
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await stranger.ConnectAsync(Nodes[1].Public);

        (await HearAsync(stranger)).ShouldBeOneOf("", null);

        Links.Strangers.ShouldBe(1);
    }
}
