using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Friends and blocks. Stored first, then told to the observers, then answered.</summary>
internal sealed class ContactCalls(
    IContactStore contacts, IAccountStore accounts, IEnumerable<IContactObserver> observers, TimeProvider time)
{
    private readonly IContactObserver[] _observers = [.. observers];

    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapGet("/v1/friends", handler.Authenticated(ListFriendsAsync));
        routes.MapPut("/v1/friends/{user}", handler.Authenticated((context, caller) =>
            RequestAsync(context, caller, ContactRequest.Befriend, ShowFriendAsync)));
        routes.MapDelete("/v1/friends/{user}", handler.Authenticated((context, caller) =>
            RequestAsync(context, caller, ContactRequest.Unfriend, ShowFriendAsync)));
        routes.MapGet("/v1/blocks", handler.Authenticated(ListBlocksAsync));
        routes.MapPut("/v1/blocks/{user}", handler.Authenticated((context, caller) =>
            RequestAsync(context, caller, ContactRequest.Block, NoContentAsync)));
        routes.MapDelete("/v1/blocks/{user}", handler.Authenticated((context, caller) =>
            RequestAsync(context, caller, ContactRequest.Unblock, NoContentAsync)));
    }

    private async Task<IResult> ListFriendsAsync(HttpContext context, Authenticated caller)
    {
        var friends = await contacts.ListFriendsAsync(caller.User, context.RequestAborted);
        var bodies = friends.Select(friend => new FriendBody(
            friend.User.Value, friend.Username, friend.DisplayName, ContactAnswers.State(friend.State), friend.Since));
        return Answers.Json(StatusCodes.Status200OK, new FriendsBody([.. bodies]), HttpJson.Wire.FriendsBody);
    }

    private async Task<IResult> ListBlocksAsync(HttpContext context, Authenticated caller)
    {
        var blocks = await contacts.ListBlocksAsync(caller.User, context.RequestAborted);
        var bodies = blocks.Select(blocked => new BlockBody(blocked.User.Value, blocked.Username, blocked.DisplayName, blocked.Since));
        return Answers.Json(StatusCodes.Status200OK, new BlocksBody([.. bodies]), HttpJson.Wire.BlocksBody);
    }

    private async Task<IResult> RequestAsync(
        HttpContext context, Authenticated caller, ContactRequest request, Func<HttpContext, UserId, Relation, Task<IResult>> show)
    {
        if (!UserId.TryParse((string?)context.GetRouteValue("user"), out var other))
        {
            return new Problem(ErrorCodes.UserNotFound);
        }

        if (other == caller.User)
        {
            return Problem.BadRequest("You can't be your own friend, nor block yourself.");
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        switch (await contacts.RequestAsync(caller.User, other, request, now, context.RequestAborted))
        {
            case ContactRefused refused:
                return ContactAnswers.Of(refused.Reason);
            case ContactSettled settled:
                await TellAsync(caller.User, other, settled.Relation.State);
                return await show(context, other, settled.Relation);
            case var reply:
                throw new InvalidOperationException($"the contacts answered with {reply.GetType().Name}");
        }
    }

    // Repeats too: the first attempt may have been stored without being told. A request that is pending changes nothing for anybody else.
    private async Task TellAsync(UserId user, UserId other, FriendState state)
    {
        if (state is FriendState.PendingOut or FriendState.PendingIn)
        {
            return;
        }

        foreach (var observer in _observers)
        {
            await observer.ChangedAsync(user, other);
        }
    }

    private async Task<IResult> ShowFriendAsync(HttpContext context, UserId other, Relation relation) =>
        await accounts.FindAsync(other, context.RequestAborted) is { } account
            ? ContactAnswers.Friend(account, relation)
            : new Problem(ErrorCodes.UserNotFound);

    private static Task<IResult> NoContentAsync(HttpContext context, UserId other, Relation relation) => Task.FromResult(Answers.NoContent);
}
