using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Opens, shows and manages channels. What may be done is the channel's to say.</summary>
internal sealed class ChannelCalls(Regions regions, ChannelListReader list, SnowflakeGenerator ids)
{
    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapPost("/v1/channels", handler.Authenticated(CreateAsync));
        routes.MapGet("/v1/channels", handler.Authenticated(ListAsync));
        routes.MapGet("/v1/channels/{id}", handler.Authenticated((context, caller) =>
            CommandAsync(context, channel => new GetChannel(channel, caller.User, 0), Show)));
        routes.MapMethods("/v1/channels/{id}", ["PATCH"], handler.Authenticated(ChangeTitleAsync));
        routes.MapPut("/v1/channels/{id}/members/{user}", handler.Authenticated(AddMemberAsync));
        routes.MapDelete("/v1/channels/{id}/members/{user}", handler.Authenticated((context, caller) =>
            MemberAsync(context, (channel, user) => new RemoveMember(channel, caller.User, 0, user), static _ => Answers.NoContent)));
    }

    /// <summary>The channel that the path names; false for what can't be one, which answers like one that isn't there.</summary>
    public static bool TryChannel(HttpContext context, out ChannelId channel) =>
        ChannelId.TryParse((string?)context.GetRouteValue("id"), out channel);

    private async Task<IResult> CreateAsync(HttpContext context, Authenticated caller)
    {
        var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.CreateChannelRequest);
        return request switch
        {
            null => problem!,
            { Kind: "direct" } => await OpenDirectAsync(request, caller),
            { Kind: "group" } => await CreateGroupAsync(request, caller),
            _ => Problem.BadRequest("kind must be direct or group"),
        };
    }

    private async Task<IResult> OpenDirectAsync(CreateChannelRequest request, Authenticated caller)
    {
        if (request.UserId is null)
        {
            return Problem.BadRequest("user_id is required");
        }

        if (!UserId.TryParse(request.UserId, out var other))
        {
            return new Problem(ErrorCodes.UserNotFound);
        }

        return other == caller.User
            ? Problem.BadRequest("a direct channel has two users")
            : Answer(await regions.AskAsync(new OpenDirect(ChannelId.Direct(caller.User, other), caller.User, 0)), ShowCreated);
    }

    private async Task<IResult> CreateGroupAsync(CreateChannelRequest request, Authenticated caller)
    {
        if (!GroupTitle.TryNormalize(request.Title, out var title))
        {
            return Problem.BadRequest("title must have 1 to 100 characters");
        }

        var members = ImmutableArray.CreateBuilder<UserId>();
        foreach (var text in request.Members ?? [])
        {
            if (text is null)
            {
                return Problem.BadRequest("members must be user ids");
            }

            if (!UserId.TryParse(text, out var user))
            {
                return new Problem(ErrorCodes.UserNotFound);
            }

            members.Add(user);
        }

        return Answer(await regions.AskAsync(new CreateGroup(ids.NextGroup(), caller.User, 0, title, members.ToImmutable())), ShowCreated);
    }

    private async Task<IResult> ListAsync(HttpContext context, Authenticated caller)
    {
        var cursor = context.Request.Query["cursor"].ToString();
        var page = await list.ReadAsync(caller.User, cursor.Length > 0 ? cursor : null, context.RequestAborted);
        return page is null ? Problem.BadRequest("not a cursor") : ChannelJson.Channels(page.Channels, caller.User, page.Cursor);
    }

    private async Task<IResult> ChangeTitleAsync(HttpContext context, Authenticated caller)
    {
        var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.ChannelTitleRequest);
        if (request is null)
        {
            return problem!;
        }

        return GroupTitle.TryNormalize(request.Title, out var title)
            ? await CommandAsync(context, channel => new ChangeTitle(channel, caller.User, 0, title), Show)
            : Problem.BadRequest("title must have 1 to 100 characters");
    }

    // The body may be left out: then a newcomer is a plain member, and a member keeps the role.
    private async Task<IResult> AddMemberAsync(HttpContext context, Authenticated caller)
    {
        MemberRole? role = null;
        if (context.Request.ContentLength is not (null or 0) || context.Request.ContentType is not null)
        {
            var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.MemberRequest);
            if (request is null)
            {
                return problem!;
            }

            if (request.Role is not null && !WireEvents.TryRole(request.Role, out role))
            {
                return Problem.BadRequest("role must be owner, admin or member");
            }
        }

        return await MemberAsync(context, (channel, user) => new AddMember(channel, caller.User, 0, user, role), Show);
    }

    private Task<IResult> MemberAsync(
        HttpContext context, Func<ChannelId, UserId, ChannelCommand> command, Func<ChannelInfo, IResult> show) =>
        UserId.TryParse((string?)context.GetRouteValue("user"), out var user)
            ? CommandAsync(context, channel => command(channel, user), show)
            : Task.FromResult<IResult>(new Problem(ErrorCodes.UserNotFound));

    private async Task<IResult> CommandAsync(
        HttpContext context, Func<ChannelId, ChannelCommand> command, Func<ChannelInfo, IResult> show) =>
        TryChannel(context, out var channel)
            ? Answer(await regions.AskAsync(command(channel)), show)
            : new Problem(ErrorCodes.ChannelNotFound);

    private static IResult Answer(ChannelReply reply, Func<ChannelInfo, IResult> show) => reply switch
    {
        ChannelInfo info => show(info),
        Refused refused => Problem.Of(refused.Reason),
        _ => throw new InvalidOperationException($"a channel answered with {reply.GetType().Name}"),
    };

    private static IResult Show(ChannelInfo info) => ChannelJson.Channel(StatusCodes.Status200OK, info.View);

    private static IResult ShowCreated(ChannelInfo info) =>
        ChannelJson.Channel(info.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, info.View);
}
