using System.Collections.Immutable;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Opens, shows and manages channels. What may be done is the channel's to say.</summary>
internal sealed class ChannelCalls(Regions regions, ChannelListReader list, IReceiptStore receipts, SnowflakeGenerator ids)
{
    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapPost("/v1/channels", handler.Authenticated(CreateAsync));
        routes.MapGet("/v1/channels", handler.Authenticated(ListAsync));
        routes.MapGet("/v1/channels/{id}", handler.Authenticated((context, caller) =>
            CommandAsync(context, channel => new GetChannel(channel, caller.User, 0))));
        routes.MapMethods("/v1/channels/{id}", ["PATCH"], handler.Authenticated(ChangeTitleAsync));
        routes.MapPut("/v1/channels/{id}/mute", handler.Authenticated((context, caller) => MuteAsync(context, caller, isMuted: true)));
        routes.MapDelete("/v1/channels/{id}/mute", handler.Authenticated((context, caller) => MuteAsync(context, caller, isMuted: false)));
        routes.MapPut("/v1/channels/{id}/members/{user}", handler.Authenticated(AddMemberAsync));
        routes.MapDelete("/v1/channels/{id}/members/{user}", handler.Authenticated((context, caller) =>
            MemberAsync(context, (channel, user) => new RemoveMember(channel, caller.User, 0, user))));
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
            { Kind: "direct" } => await OpenDirectAsync(request, caller, context.RequestAborted),
            { Kind: "group" } => await CreateGroupAsync(request, caller, context.RequestAborted),
            _ => Problem.BadRequest("kind must be direct or group"),
        };
    }

    private async Task<IResult> OpenDirectAsync(CreateChannelRequest request, Authenticated caller, CancellationToken cancel)
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
            : await AskAsync(new OpenDirect(ChannelId.Direct(caller.User, other), caller.User, 0), cancel);
    }

    private async Task<IResult> CreateGroupAsync(CreateChannelRequest request, Authenticated caller, CancellationToken cancel)
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

        return await AskAsync(new CreateGroup(ids.NextGroup(), caller.User, 0, title, members.ToImmutable()), cancel);
    }

    private async Task<IResult> ListAsync(HttpContext context, Authenticated caller)
    {
        var cursor = context.Request.Query["cursor"].ToString();
        var page = await list.ReadAsync(caller.User, cursor.Length > 0 ? cursor : null, context.RequestAborted);
        return page is null ? Problem.BadRequest("not a cursor") : ChannelJson.Channels(page, caller.User);
    }

    private async Task<IResult> ChangeTitleAsync(HttpContext context, Authenticated caller)
    {
        var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.ChannelTitleRequest);
        if (request is null)
        {
            return problem!;
        }

        return GroupTitle.TryNormalize(request.Title, out var title)
            ? await CommandAsync(context, channel => new ChangeTitle(channel, caller.User, 0, title))
            : Problem.BadRequest("title must have 1 to 100 characters");
    }

    private async Task<IResult> MuteAsync(HttpContext context, Authenticated caller, bool isMuted) =>
        TryChannel(context, out var channel)
            && await regions.AskUserAsync(new SetMute(caller.User, channel, isMuted)) is MuteSet { IsMember: true }
            ? Answers.NoContent
            : new Problem(ErrorCodes.ChannelNotFound);

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

        return await MemberAsync(context, (channel, user) => new AddMember(channel, caller.User, 0, user, role));
    }

    private Task<IResult> MemberAsync(HttpContext context, Func<ChannelId, UserId, ChannelCommand> command) =>
        UserId.TryParse((string?)context.GetRouteValue("user"), out var user)
            ? CommandAsync(context, channel => command(channel, user))
            : Task.FromResult<IResult>(new Problem(ErrorCodes.UserNotFound));

    private async Task<IResult> CommandAsync(HttpContext context, Func<ChannelId, ChannelCommand> command) =>
        TryChannel(context, out var channel)
            ? await AskAsync(command(channel), context.RequestAborted)
            : new Problem(ErrorCodes.ChannelNotFound);

    private async Task<IResult> AskAsync(ChannelCommand command, CancellationToken cancel) => await regions.AskAsync(command) switch
    {
        ChannelInfo when command is RemoveMember => Answers.NoContent,
        ChannelInfo info => ChannelJson.Channel(
            info.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            info.View,
            command.By,
            await receipts.FindAsync(info.Channel, [.. info.View.Members.Select(member => member.User)], cancel)),
        Refused refused => Problem.Of(refused.Reason),
        var reply => throw new InvalidOperationException($"a channel answered with {reply.GetType().Name}"),
    };
}
