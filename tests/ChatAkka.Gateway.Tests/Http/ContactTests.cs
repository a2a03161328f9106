using System.Net;
using System.Text.Json;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Tests.Support;

namespace ChatAkka.Gateway.Tests.Http;

public sealed class ContactTests : IAsyncLifetime
{
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/friends")]
    [InlineData("PUT", "/v1/friends/5")]
    [InlineData("DELETE", "/v1/friends/5")]
    [InlineData("GET", "/v1/blocks")]
    [InlineData("PUT", "/v1/blocks/5")]
    [InlineData("DELETE", "/v1/blocks/5")]
    public async Task Contacts_need_a_token(string method, string path)
    {
        var answer = await _node.SendAsync(method, path);
        (answer.Status, Code(answer.Body)).ShouldBe((HttpStatusCode.Unauthorized, "unauthorized"));
    }

    [Theory]
    [InlineData("PUT", "/v1/friends/")]
    [InlineData("DELETE", "/v1/friends/")]
    [InlineData("PUT", "/v1/blocks/")]
    [InlineData("DELETE", "/v1/blocks/")]
    public async Task Oneself_and_what_is_no_user_are_refused_without_asking_the_store(string method, string path)
    {
        var (token, user, _) = await _node.LogInAsync("kim");

        Code((await _node.SendAsync(method, path + user, token: token)).Body).ShouldBe("bad_request");
        foreach (var nobody in new[] { "nonsense", "0", "-5", "007", "99999999999999999999", "a b" })
        {
            var answer = await _node.SendAsync(method, path + nobody, token: token);
            (answer.Status, Code(answer.Body)).ShouldBe((HttpStatusCode.NotFound, "user_not_found"), nobody);
        }

        _node.Contacts.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_friend_is_asked_for_and_shown()
    {
        var (token, user, _) = await _node.LogInAsync("kim");
        var (_, lee, _) = await _node.LogInAsync("lee");

        _node.Contacts.Reply = () => new ContactSettled(Relation.None with { State = FriendState.PendingOut, Since = 7 });
        var asked = await _node.SendAsync("PUT", $"/v1/friends/{lee}", token: token);
        (asked.Status, asked.Body).ShouldBe(
            (HttpStatusCode.OK, $$"""{"user_id":"{{lee}}","username":"lee","display_name":"lee","state":"pending_out","since":7}"""));

        _node.Contacts.Reply = () => new ContactSettled(Relation.None);
        var ended = await _node.SendAsync("DELETE", $"/v1/friends/{lee}", token: token);
        (ended.Status, ended.Body).ShouldBe(
            (HttpStatusCode.OK, $$"""{"user_id":"{{lee}}","username":"lee","display_name":"lee","state":"none"}"""));
        _node.Contacts.Requests.ShouldBe([(user, lee, ContactRequest.Befriend), (user, lee, ContactRequest.Unfriend)]);
    }

    [Fact]
    public async Task Blocks_are_answered_without_content()
    {
        var (token, user, _) = await _node.LogInAsync("kim");

        foreach (var (method, request) in new[] { ("PUT", ContactRequest.Block), ("DELETE", ContactRequest.Unblock) })
        {
            var answer = await _node.SendAsync(method, "/v1/blocks/5", token: token);
            (answer.Status, answer.Body).ShouldBe((HttpStatusCode.NoContent, ""));
            _node.Contacts.Requests[^1].ShouldBe((user, new UserId("5"), request));
        }
    }

    [Fact]
    public async Task Lists_are_shown()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        (await _node.SendAsync("GET", "/v1/friends", token: token)).Body.ShouldBe("""{"friends":[]}""");
        (await _node.SendAsync("GET", "/v1/blocks", token: token)).Body.ShouldBe("""{"blocks":[]}""");

        _node.Contacts.Friends.Add(new Friend(Some.Lee, "lee", "이 👋", FriendState.PendingIn, 5));
        _node.Contacts.Friends.Add(new Friend(new UserId("3"), "han", "Han", FriendState.Friends, 4));
        _node.Contacts.Blocks.Add(new BlockedUser(Some.Lee, "lee", "이", 6));

        (await _node.SendAsync("GET", "/v1/friends", token: token)).Body.ShouldBe(
            """{"friends":[{"user_id":"2","username":"lee","display_name":"이 👋","state":"pending_in","since":5},"""
            + """{"user_id":"3","username":"han","display_name":"Han","state":"friends","since":4}]}""");
        (await _node.SendAsync("GET", "/v1/blocks", token: token)).Body.ShouldBe(
            """{"blocks":[{"user_id":"2","username":"lee","display_name":"이","since":6}]}""");
    }

    [Theory]
    [InlineData(ContactRefusal.UserNotFound, 404, "user_not_found", null)]
    [InlineData(ContactRefusal.Blocked, 403, "blocked", "This user has blocked you.")]
    [InlineData(ContactRefusal.Blocking, 403, "blocked", "You have blocked this user.")]
    [InlineData(ContactRefusal.TooManyFriends, 403, "not_allowed", "You have 5,000 friends and requests, more can't be.")]
    [InlineData(ContactRefusal.OtherHasTooManyFriends, 403, "not_allowed", "This user has 5,000 friends and requests, more can't be.")]
    [InlineData(ContactRefusal.TooManyBlocks, 403, "not_allowed", "You have blocked 5,000 users, more can't be.")]
    public async Task A_refusal_has_its_status_and_sentence_and_nobody_is_told(
        ContactRefusal reason, int status, string code, string? sentence)
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.Contacts.Reply = () => new ContactRefused(reason);

        var answer = await _node.SendAsync("PUT", "/v1/friends/5", token: token);

        ((int)answer.Status, Code(answer.Body)).ShouldBe((status, code));
        var detail = JsonDocument.Parse(answer.Body).RootElement.TryGetProperty("detail", out var text) ? text.GetString() : null;
        detail.ShouldBe(sentence);
        _node.ContactChanges.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PUT", "/v1/friends/5", FriendState.PendingOut, false)]
    [InlineData("PUT", "/v1/friends/5", FriendState.Friends, true)]
    [InlineData("DELETE", "/v1/friends/5", FriendState.None, true)]
    [InlineData("PUT", "/v1/blocks/5", FriendState.None, true)]
    [InlineData("DELETE", "/v1/blocks/5", FriendState.None, true)]
    public async Task Observers_are_told_of_what_is_stored(string method, string path, FriendState state, bool told)
    {
        var (token, user, _) = await _node.LogInAsync("kim");
        _node.Contacts.Reply = () => new ContactSettled(Relation.None with { State = state });

        await _node.SendAsync(method, path, token: token);

        // There are two observers.
        _node.ContactChanges.ShouldBe(told ? [(user, new UserId("5")), (user, new UserId("5"))] : []);
    }

    [Fact]
    public async Task An_observer_that_cant_be_told_makes_the_call_worth_repeating()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.ContactObserver = static () => throw new Akka.Actor.AskTimeoutException("the actor is busy");
        var answer = await _node.SendAsync("PUT", "/v1/blocks/5", token: token);
        (answer.Status, Code(answer.Body)).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));

        _node.ContactObserver = static () => Task.CompletedTask;
        (await _node.SendAsync("PUT", "/v1/blocks/5", token: token)).Status.ShouldBe(HttpStatusCode.NoContent);
        _node.ContactChanges.Count.ShouldBe(3, "one of the two was told before");
    }

    [Fact]
    public async Task A_store_that_is_off_is_unavailable()
    {
        var (token, _, _) = await _node.LogInAsync("kim");
        _node.Contacts.Fails = true;
        (string, string)[] calls = [("GET", "/v1/friends"), ("PUT", "/v1/friends/5"), ("GET", "/v1/blocks"), ("DELETE", "/v1/blocks/5")];
        foreach (var (method, path) in calls)
        {
            var answer = await _node.SendAsync(method, path, token: token);
            (answer.Status, Code(answer.Body)).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
        }
    }

    private static string? Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString();
}
