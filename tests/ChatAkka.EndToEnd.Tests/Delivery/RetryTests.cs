using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>Retry is safe (P3), and ids are dense (P2).</summary>
public sealed class RetryTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Repeated_send_on_the_same_socket_returns_the_first_id_and_creates_nothing()
    {
        var people = await MeetAsync("anna", "ben");
        var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));
        var first = await anna.PostToAsync(people[1].UserId, "c1", "said once");
        var channel = first.Json.String("channel");

        var again = await anna.PostToAsync(people[1].UserId, "c1", "said once");
        var inOtherWords = await anna.PostAsync(channel, "c1", "said in other words");

        foreach (var repeat in new[] { again, inOtherWords })
        {
            repeat.Id.ShouldBe(first.Id);
            repeat.Json.Number("n").ShouldBe(first.Json.Number("n"));
            repeat.Json.Number("at").ShouldBe(first.Json.Number("at"));
            repeat.Json.Bool("duplicate").ShouldBeTrue();
        }

        first.Json.Has("duplicate").ShouldBeFalse();
        var next = await anna.PostAsync(channel, "c2", "said next");
        next.Id.ShouldBe(first.Id + 1);
        await ben.TakeMessageAsync(channel, "said next");
        ben.Events(channel).Count(e => e.String("type") == "message").ShouldBe(2);
    }

    [Fact]
    public async Task Retry_of_an_unacknowledged_send_after_a_reconnect_is_one_message()
    {
        var people = await MeetAsync("anna", "ben");
        var ben = await ConnectAsync(people[1]);
        for (var i = 0; i < 20; i++)
        {
            // Gone before an ok can have been read; whether the send arrived, nobody knows.
            var first = await ConnectAsync(people[0]);
            await first.BeginAsync(new { op = "send", to = people[1].UserId, client_id = $"c{i}", text = $"perhaps sent {i}" });
            first.Reset();

            var second = await ConnectAsync(people[0]);
            await second.PostToAsync(people[1].UserId, $"c{i}", $"perhaps sent {i}");
            await second.CloseAsync();
        }

        var opened = await Api.OpenDirectAsync(people[1], people[0].UserId);
        var channel = opened.ShouldBe(HttpStatusCode.OK).Json.Member("channel").String("id");
        await ben.TakeMessageAsync(channel, "perhaps sent 19");
        (await Api.ReadAllAsync(people[1], channel)).Select(m => (m.String("text"), m.Id()))
            .ShouldBe(Enumerable.Range(0, 20).Select(i => ($"perhaps sent {i}", i + 2L)));
    }

    [Fact]
    public async Task Send_that_was_lost_before_the_server_had_all_of_it_is_a_new_message_when_it_is_retried()
    {
        var people = await MeetAsync("anna", "ben");
        var opened = (await Api.OpenDirectAsync(people[0], people[1].UserId)).Json.Member("channel").String("id");
        var first = await ConnectAsync(people[0]);
        var frame = RawFrame.Text(Json.Write(new { op = "send", @ref = "r", channel = opened, client_id = "c1", text = "cut off" })).Encode();
        await first.SendBytesAsync(frame.AsMemory(0, frame.Length - 3));
        first.Reset();

        var second = await ConnectAsync(people[0]);
        var retried = await second.PostAsync(opened, "c1", "cut off");

        retried.Json.Has("duplicate").ShouldBeFalse();
        (await Api.ReadAllAsync(people[1], opened)).ShouldHaveSingleItem().Id().ShouldBe(retried.Id);
    }

    [Fact]
    public async Task Send_whose_ok_was_written_but_never_read_is_answered_with_its_id()
    {
        var people = await MeetAsync("anna", "ben");
        var ben = await ConnectAsync(people[1]);
        var first = await ConnectAsync(people[0]);
        await first.BeginAsync(new { op = "send", to = people[1].UserId, client_id = "c1", text = "surely stored" });
        var seen = await ben.TakeAsync("the message", f => f.Op == "event" && f.Json.String("type") == "message");
        first.Reset();

        var second = await ConnectAsync(people[0]);
        var retried = await second.PostToAsync(people[1].UserId, "c1", "surely stored");

        (retried.Id, retried.Json.Bool("duplicate")).ShouldBe((seen.Id, true));
    }

    [Fact]
    public async Task Two_sockets_that_race_with_one_client_id_make_one_message()
    {
        var people = await MeetAsync("anna", "ben");
        var channel = (await Api.OpenDirectAsync(people[0], people[1].UserId)).Json.Member("channel").String("id");
        for (var i = 0; i < 20; i++)
        {
            // The device's second socket replaces the first, which may or may not have been served; a third way is HTTP.
            var first = await ConnectAsync(people[0]);
            var onFirst = first.BeginPostAsync(channel, $"c{i}", $"raced {i}");
            var overHttp = Api.PostAsync($"/v1/channels/{channel}/messages", new { client_id = $"c{i}", text = $"raced {i}" }, people[0].Token);
            var second = await ConnectAsync(people[0]);
            var onSecond = await second.PostAsync(channel, $"c{i}", $"raced {i}");
            await onFirst;

            (await overHttp).Json.Id().ShouldBe(onSecond.Id);
        }

        (await Api.ReadAllAsync(people[1], channel)).Select(m => m.String("text")).ShouldBe(Enumerable.Range(0, 20).Select(i => $"raced {i}"));
    }

    [Fact]
    public async Task Retry_after_10_000_other_messages_is_recognised()
    {
        var people = await MeetAsync("anna", "ben");
        var anna = await ConnectAsync(people[0]);
        var first = await anna.PostToAsync(people[1].UserId, "first", "said long ago");
        var channel = first.Json.String("channel");
        for (var i = 0; i < 10_000; i += 100)
        {
            var references = new List<string>();
            for (var j = i; j < i + 100; j++)
            {
                references.Add(await anna.BeginPostAsync(channel, $"c{j}", $"message {j}"));
            }

            foreach (var reference in references)
            {
                (await anna.ReplyAsync(reference)).ShouldBeOk();
            }
        }

        var again = await anna.PostAsync(channel, "first", "said in other words");

        (again.Id, again.Json.Bool("duplicate")).ShouldBe((first.Id, true));
    }

    [Fact]
    public async Task Same_client_id_from_another_device_is_another_message()
    {
        var people = await MeetAsync("anna", "ben");
        var phone = await ConnectAsync(people[0]);
        var laptop = await ConnectAsync(At(people[0], "laptop"));

        var first = await phone.PostToAsync(people[1].UserId, "same", "from the phone");
        var second = await laptop.PostToAsync(people[1].UserId, "same", "from the laptop");

        second.Id.ShouldBe(first.Id + 1);
        second.Json.Has("duplicate").ShouldBeFalse();
    }

    [Fact]
    public async Task Same_client_id_in_another_channel_is_another_message()
    {
        var people = await MeetAsync("anna", "ben", "cora");
        var phone = await ConnectAsync(people[0]);

        var first = await phone.PostToAsync(people[1].UserId, "same", "to ben");
        var second = await phone.PostToAsync(people[2].UserId, "same", "to cora");

        second.Json.String("channel").ShouldNotBe(first.Json.String("channel"));
        second.Json.Has("duplicate").ShouldBeFalse();
    }

    [Fact]
    public async Task Send_over_http_and_over_the_socket_of_one_device_share_their_client_ids()
    {
        var people = await MeetAsync("anna", "ben");
        var phone = await ConnectAsync(people[0]);
        var first = await phone.PostToAsync(people[1].UserId, "c1", "over the socket");
        var channel = first.Json.String("channel");

        var message = new { client_id = "c1", text = "over the socket" };
        var repeat = await Api.PostAsync($"/v1/channels/{channel}/messages", message, people[0].Token);

        repeat.ShouldBe(HttpStatusCode.OK).Json.Id().ShouldBe(first.Id);
    }

    [Fact]
    public async Task Two_who_write_to_each_other_first_at_the_same_time_open_one_channel()
    {
        for (var i = 0; i < 20; i++)
        {
            var people = await MeetAsync("anna", "ben");
            var (anna, ben) = (await ConnectAsync(people[0]), await ConnectAsync(people[1]));

            var oks = await Task.WhenAll(
                anna.PostToAsync(people[1].UserId, "c1", "hello from anna"), ben.PostToAsync(people[0].UserId, "c1", "hello from ben"));

            var channel = oks[0].Json.String("channel");
            oks[1].Json.String("channel").ShouldBe(channel);
            oks.Select(ok => ok.Id).Order().ShouldBe([2, 3]);
            await anna.TakeMessageAsync(channel, "hello from ben");
            await ben.TakeMessageAsync(channel, "hello from anna");
        }
    }

    [Fact]
    public async Task Concurrent_senders_get_dense_ids_and_all_members_see_one_order()
    {
        const int each = 100;
        var people = await MeetAsync("p", "p", "p", "p", "p");
        var group = await Api.CreateGroupAsync(people[0], "group", people[1..]);
        var clients = new List<ChatClient>();
        foreach (var person in people)
        {
            clients.Add(await ConnectAsync(person));
        }

        var silent = await ConnectAsync(At(people[0], "laptop"));
        await Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; i < each; i += 10)
            {
                var references = new List<string>();
                for (var j = i; j < i + 10; j++)
                {
                    references.Add(await client.BeginPostAsync(group, $"c{j}", $"text {j}"));
                }

                foreach (var reference in references)
                {
                    (await client.ReplyAsync(reference)).ShouldBeOk();
                }
            }
        }));

        await silent.TakeAsync("the last event", f => f.Op == "event" && f.Id == 1 + each * people.Length);
        silent.Events(group).Select(e => e.Id()).ShouldBe(Enumerable.Range(2, each * people.Length).Select(i => (long)i));
        var order = silent.Events(group).Select(e => (e.Id(), e.String("from"), e.String("text"))).ToList();
        foreach (var client in clients)
        {
            var own = client.Hello.Json.String("user_id");
            await client.SettleAsync();
            client.Events(group).Select(e => (e.Id(), e.String("from"), e.String("text"))).ShouldBe(order.Where(e => e.Item2 != own));
        }

        (await Api.ReadAllAsync(people[1], group)).Select(m => (m.Id(), m.String("from"), m.String("text"))).ShouldBe(order);
    }
}
