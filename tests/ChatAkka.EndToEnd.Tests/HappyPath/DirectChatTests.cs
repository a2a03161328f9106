using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class DirectChatTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Two_users_chat_in_both_directions_by_user_and_by_channel()
    {
        var (anna, ben) = await MeetTwoAsync();
        var (annasPhone, bensPhone) = (await ConnectAsync(anna), await ConnectAsync(ben));

        var first = await annasPhone.PostToAsync(ben.UserId, "a1", "안녕하세요 😀");
        var channel = first.Json.String("channel");
        var received = await bensPhone.TakeMessageAsync(channel, "안녕하세요 😀");
        var second = await bensPhone.PostAsync(channel, "b1", "hello back");
        await annasPhone.TakeMessageAsync(channel, "hello back");
        var third = await bensPhone.PostToAsync(anna.UserId, "b2", "and again");
        await annasPhone.TakeMessageAsync(channel, "and again");

        received.Id.ShouldBe(first.Id);
        received.Json.String("from").ShouldBe(anna.UserId);
        received.Json.Number("n").ShouldBe(1);
        received.Json.Number("at").ShouldBe(first.Json.Number("at"));
        received.Text.ShouldContain("안녕하세요 😀", Case.Sensitive, "text goes out as itself");
        second.Id.ShouldBe(first.Id + 1);
        third.Id.ShouldBe(first.Id + 2);
        third.Json.String("channel").ShouldBe(channel);
        third.Json.Number("n").ShouldBe(3);
    }

    [Fact]
    public async Task Sending_socket_gets_the_ok_and_no_event()
    {
        var (anna, ben) = await MeetTwoAsync();
        var (annasPhone, bensPhone) = (await ConnectAsync(anna), await ConnectAsync(ben));

        for (var i = 1; i <= 20; i++)
        {
            await annasPhone.PostToAsync(ben.UserId, $"c{i}", $"text {i}");
        }

        var ok = await annasPhone.PostToAsync(ben.UserId, "last", "the last text");
        await bensPhone.PostToAsync(anna.UserId, "reply", "the reply");
        var channel = ok.Json.String("channel");
        await annasPhone.TakeMessageAsync(channel, "the reply");
        annasPhone.Events(channel).Where(e => e.String("type") == "message").Select(e => e.String("text")).ShouldBe(["the reply"]);
    }

    [Fact]
    public async Task Other_devices_of_the_sender_get_the_event_with_its_client_id_and_nobody_else_does()
    {
        var (anna, ben) = await MeetTwoAsync();
        var annasPhone = await ConnectAsync(anna);
        var annasLaptop = await ConnectAsync(At(anna, "laptop"));
        var annasTablet = await ConnectAsync(At(anna, "tablet"));
        var bensPhone = await ConnectAsync(ben);

        var ok = await annasPhone.PostToAsync(ben.UserId, "the-client-id", "to all devices");

        var channel = ok.Json.String("channel");
        foreach (var device in new[] { annasLaptop, annasTablet })
        {
            var e = await device.TakeMessageAsync(channel, "to all devices");
            e.Json.String("client_id").ShouldBe("the-client-id");
            e.Id.ShouldBe(ok.Id);
        }

        (await bensPhone.TakeMessageAsync(channel, "to all devices")).Json.Has("client_id").ShouldBeFalse();
    }

    [Fact]
    public async Task Reply_and_mentions_arrive_with_the_message()
    {
        var (anna, ben) = await MeetTwoAsync();
        var (annasPhone, bensPhone) = (await ConnectAsync(anna), await ConnectAsync(ben));
        var first = await annasPhone.PostToAsync(ben.UserId, "c1", "a question");
        var channel = first.Json.String("channel");

        (await bensPhone.RequestAsync(new
        {
            op = "send",
            channel,
            client_id = "c1",
            text = "an answer",
            reply_to = first.Id.ToString(),
            mentions = new[] { anna.UserId },
        })).ShouldBeOk();

        var e = await annasPhone.TakeMessageAsync(channel, "an answer");
        e.Json.String("reply_to").ShouldBe(first.Id.ToString());
        e.Json.Array("mentions").Select(m => m.GetString()).ShouldBe([anna.UserId]);
    }

    [Fact]
    public async Task Reply_to_what_is_no_message_is_refused()
    {
        var (anna, ben) = await MeetTwoAsync();
        var phone = await ConnectAsync(anna);
        var ok = await phone.PostToAsync(ben.UserId, "c1", "the only message");

        foreach (var id in new[] { "999", "1" /* the channel's creation */ })
        {
            var reply = new { op = "send", to = ben.UserId, client_id = "reply to " + id, text = "a reply", reply_to = id };
            (await phone.RequestAsync(reply)).ShouldBeError("message_not_found");
        }

        ok.Id.ShouldBe(2);
    }

    [Fact]
    public async Task Opening_a_direct_channel_over_http_is_idempotent_from_both_sides()
    {
        var (anna, ben) = await MeetTwoAsync();

        var first = await Api.OpenDirectAsync(anna, ben.UserId);
        var again = await Api.OpenDirectAsync(anna, ben.UserId);
        var other = await Api.OpenDirectAsync(ben, anna.UserId);

        var id = first.ShouldBe(HttpStatusCode.Created).Json.Member("channel").String("id");
        first.Json.Member("channel").String("kind").ShouldBe("direct");
        again.ShouldBe(HttpStatusCode.OK).Json.Member("channel").String("id").ShouldBe(id);
        other.ShouldBe(HttpStatusCode.OK).Json.Member("channel").String("id").ShouldBe(id);
        var sent = await (await ConnectAsync(ben)).PostToAsync(anna.UserId, "c1", "into the open channel");
        sent.Json.String("channel").ShouldBe(id);
    }

    [Fact]
    public async Task Chat_with_nobody_or_with_oneself_is_refused()
    {
        var anna = await MeetAsync("anna");
        var phone = await ConnectAsync(anna);

        (await phone.TryPostToAsync("12345", "c1", "anyone?")).ShouldBeError("user_not_found");
        (await phone.TryPostToAsync(anna.UserId, "c2", "me?")).ShouldBeError("bad_request");
        (await Api.OpenDirectAsync(anna, "12345")).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        (await Api.OpenDirectAsync(anna, anna.UserId)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad_request");
    }

    private async Task<(Person Anna, Person Ben)> MeetTwoAsync() => (await MeetAsync("anna"), await MeetAsync("ben"));
}
