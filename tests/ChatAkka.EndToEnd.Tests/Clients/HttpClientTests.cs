using System.Net;
using ChatAkka.Client;
using ChatAkka.Client.Events;
using ChatAkka.Client.Http;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;
using ChatAkka.Protocol.Frames;
using LiveClient = ChatAkka.Client.ChatClient;

namespace ChatAkka.EndToEnd.Tests.Clients;

/// <summary>The HTTP side of the C# client, and the example of its README, on the real server.</summary>
public sealed class HttpClientTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Account_device_and_channels_over_http()
    {
        using var http = new ChatHttpClient(Server.Address);
        var other = await MeetAsync("other");
        var me = await http.SignUpAsync("http_anna", Password, "Anna 안나");
        var logIn = await http.LogInAsync("http_anna", Password, "laptop");
        Server.Log.Keep(logIn.Token);

        logIn.UserId.ShouldBe(me.UserId);
        (await http.GetMeAsync()).DisplayName.ShouldBe("Anna 안나");
        (await http.RenameMeAsync("Anna")).DisplayName.ShouldBe("Anna");
        (await http.FindUserAsync("http_anna")).UserId.ShouldBe(me.UserId);
        (await http.GetUserAsync(me.UserId)).Username.ShouldBe("http_anna");
        (await http.GetServersAsync()).ShouldHaveSingleItem().Url.ShouldBe(logIn.Servers[0].Url);
        (await http.GetSessionsAsync()).ShouldHaveSingleItem().Name.ShouldBe("laptop");

        var group = (await http.CreateGroupAsync("group", [])).Channel;
        await http.PutMemberAsync(group.Id, other.UserId);
        (await http.RenameAsync(group.Id, "a better title")).Channel.Title.ShouldBe("a better title");
        var details = await http.GetChannelAsync(group.Id);
        details.Members.Select(m => (m.User, m.Role)).ShouldBe([(me.UserId, "owner"), (other.UserId, "member")], ignoreOrder: true);
        var sent = await http.SendAsync(group.Id, "a text over HTTP", new SendOptions { ClientId = "c1" });
        var repeat = await http.SendAsync(group.Id, "a text over HTTP", new SendOptions { ClientId = "c1" });
        (sent.Duplicate, repeat).ShouldBe((false, sent with { Duplicate = true }));
        var page = await http.GetMessagesAsync(group.Id, new HistoryRange(HistorySide.Around, sent.Id, 10));
        page.Messages.ShouldHaveSingleItem().Text.ShouldBe("a text over HTTP");
        (await http.GetChannelsAsync()).Channels.ShouldHaveSingleItem().LastMessage!.Id.ShouldBe(sent.Id);
        (await http.OpenDirectAsync(other.UserId)).Channel.Kind.ShouldBe("direct");
        await http.RemoveMemberAsync(group.Id, other.UserId);
        await http.LogOutAsync();

        (await Should.ThrowAsync<ChatException>(http.GetMeAsync())).HttpStatus.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Friends_and_blocks_over_http()
    {
        using var carl = new ChatHttpClient(Server.Address);
        using var dora = new ChatHttpClient(Server.Address);
        var (carlsId, dorasId) = ((await carl.SignUpAsync("http_carl", Password)).UserId, (await dora.SignUpAsync("http_dora", Password)).UserId);
        await carl.LogInAsync("http_carl", Password, "laptop");
        await dora.LogInAsync("http_dora", Password, "laptop");

        (await carl.BefriendAsync(dorasId)).State.ShouldBe("pending_out");
        (await dora.GetFriendsAsync()).ShouldHaveSingleItem().State.ShouldBe("pending_in");
        (await dora.BefriendAsync(carlsId)).State.ShouldBe("friends");
        (await carl.UnfriendAsync(dorasId)).State.ShouldBe("none");
        await dora.BlockAsync(carlsId);
        (await dora.GetBlocksAsync()).ShouldHaveSingleItem().Username.ShouldBe("http_carl");
        (await Should.ThrowAsync<ChatException>(carl.BefriendAsync(dorasId))).Code.ShouldBe("blocked");
        await dora.UnblockAsync(carlsId);
        (await dora.GetBlocksAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Refusals_have_the_codes_of_the_protocol()
    {
        using var http = new ChatHttpClient(Server.Address);
        await http.SignUpAsync("http_ben", Password);
        await http.LogInAsync("http_ben", Password, "laptop");

        var taken = await Should.ThrowAsync<ChatException>(http.SignUpAsync("http_ben", Password));
        (taken.Code, taken.HttpStatus).ShouldBe(("username_taken", HttpStatusCode.Conflict));
        (await Should.ThrowAsync<ChatException>(http.LogInAsync("http_ben", "wrong wrong wrong", "laptop"))).Code.ShouldBe("bad_credentials");
        (await Should.ThrowAsync<ChatException>(http.GetChannelAsync("1"))).Code.ShouldBe("channel_not_found");
        (await Should.ThrowAsync<ChatException>(http.FindUserAsync("nobody_at_all"))).Code.ShouldBe("user_not_found");
        using var nowhere = new ChatHttpClient(new Uri("http://127.0.0.1:1/"));
        (await Should.ThrowAsync<ChatException>(nowhere.GetMeAsync())).Code.ShouldBe(ChatException.Unreachable);
    }

    [Fact]
    public async Task Client_finds_its_server_by_asking_the_service()
    {
        var anna = await MeetAsync("anna");
        await using var client = new LiveClient(new ChatClientOptions { Token = anna.Token, Address = Server.Address });

        await Wait.ForAsync("the client is connected", client.ConnectAsync());

        client.UserId.ShouldBe(anna.UserId);
    }

    [Fact]
    public async Task Service_that_refuses_the_token_stops_the_client()
    {
        await using var client = new LiveClient(new ChatClientOptions { Token = "nobody's", Address = Server.Address });

        (await Should.ThrowAsync<ChatException>(Wait.ForAsync("the refusal", client.ConnectAsync()))).Code.ShouldBe("unauthorized");
    }

    [Fact]
    public async Task Example_of_the_readme_answers_until_its_session_is_revoked()
    {
        using var bot = new ChatHttpClient(Server.Address);
        var account = await bot.SignUpAsync("echo_bot", Password);
        var running = EchoBot.RunAsync(Server.Address, "echo_bot", Password);
        var anna = await MeetAsync("anna");
        await using var client = new LiveClient(new ChatClientOptions { Token = anna.Token, Address = Server.Address });
        await client.ConnectAsync();

        // The bot's device may not be there yet: its cursors start at the heads of the moment in which it logs in.
        await bot.LogInAsync("echo_bot", Password, "console");
        await Wait.UntilAsync("the bot has logged in", async () => (await bot.GetSessionsAsync()).Any(s => s.Name == "echo-bot"));
        var sent = await client.SendToAsync(account.UserId, "anybody there?");
        MessageReceived? answer = null;
        await foreach (var e in client.Events)
        {
            if (e is MessageReceived { IsOwn: false } message)
            {
                answer = message;
                break;
            }
        }

        (answer!.Channel, answer.Text, answer.ReplyTo).ShouldBe((sent.Channel, "You said: anybody there?", sent.Id));
        await bot.RevokeSessionAsync((await bot.GetSessionsAsync()).Single(s => s.Name == "echo-bot").DeviceId);
        await Wait.ForAsync("the bot's end", running);
    }

    [Fact]
    public void Example_of_the_readme_is_the_one_that_is_tested()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ChatAkka.sln")))
        {
            root = root.Parent;
        }

        var example = File.ReadAllText(Path.Combine(root.FullName, "tests", "ChatAkka.EndToEnd.Tests", "Clients", "EchoBot.cs"));
        File.ReadAllText(Path.Combine(root.FullName, "src", "ChatAkka.Client", "README.md")).ShouldContain($"```csharp\n{example}```");
    }
}
