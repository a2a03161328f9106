using System.Collections.Immutable;
using System.Globalization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Timelines;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>History, and sending over HTTP.</summary>
internal sealed class MessageCalls(Regions regions, HistoryReader history)
{
    private const string Path = "/v1/channels/{id}/messages";

    // With the least id that makes sense.
    private static readonly (string Name, HistorySide Meaning, int Least)[] Anchors =
        [("before", HistorySide.Before, 1), ("after", HistorySide.After, 0), ("around", HistorySide.Around, 1)];

    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapGet(Path, handler.Authenticated(ReadAsync));
        routes.MapPost(Path, handler.Authenticated(PostAsync));
    }

    private async Task<IResult> ReadAsync(HttpContext context, Authenticated caller)
    {
        if (!TryRange(context.Request.Query, out var range))
        {
            return Problem.BadRequest("at most one of before, after and around, a message id; limit from 1 to 200");
        }

        if (!ChannelCalls.TryChannel(context, out var channel))
        {
            return new Problem(ErrorCodes.ChannelNotFound);
        }

        return await regions.AskAsync(new GetChannel(channel, caller.User, 0)) switch
        {
            ChannelInfo info => ChannelJson.Page(await history.ReadAsync(info.View, range, context.RequestAborted), caller.User),
            Refused refused => Problem.Of(refused.Reason),
            var reply => throw new InvalidOperationException($"a channel answered with {reply.GetType().Name}"),
        };
    }

    private async Task<IResult> PostAsync(HttpContext context, Authenticated caller)
    {
        var (body, problem) = await RequestBody.ReadBytesAsync(context, ProtocolLimits.MaxMessageBodyBytes);
        if (body is null)
        {
            return problem!;
        }

        ClientFrame frame;
        ChannelId channel;
        using (body)
        {
            if (!ChannelCalls.TryChannel(context, out channel))
            {
                return new Problem(ErrorCodes.ChannelNotFound);
            }

            frame = ClientFrameDecoder.DecodeSendBody(body.Span, channel.Value);
        }

        switch (frame)
        {
            case SendFrame send when ClientMessageId.IsValid(send.ClientId) && WireEvents.TryUsers(send.Mentions, out var mentions):
                return Refusals.OfText(send.Text) is { } code ? new Problem(code) : await PostAsync(send, channel, mentions, caller);
            case RefusedFrame refused:
                return new Problem(refused.Code, refused.Detail);
            default:
                return Problem.BadRequest("The body isn't the JSON object that this call takes.");
        }
    }

    private async Task<IResult> PostAsync(SendFrame send, ChannelId channel, ImmutableArray<UserId> mentions, Authenticated caller)
    {
        var command = new PostMessage(
            channel, caller.User, 0, caller.Device, send.ClientId, send.Text, send.ReplyTo, mentions, MayOpen: false);
        return await regions.AskAsync(command) switch
        {
            Posted posted => Answers.Json(
                posted.Duplicate ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                new PostedBody(posted.Id.ToString(CultureInfo.InvariantCulture), posted.N, posted.At),
                HttpJson.Wire.PostedBody),
            Refused refused => Problem.Of(refused.Reason),
            var reply => throw new InvalidOperationException($"a channel answered with {reply.GetType().Name}"),
        };
    }

    private static bool TryRange(IQueryCollection query, out HistoryRange range)
    {
        range = default;
        var (side, anchor, anchors) = (HistorySide.Newest, 0L, 0);
        foreach (var (name, meaning, least) in Anchors)
        {
            if (!query.TryGetValue(name, out var given))
            {
                continue;
            }

            if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out anchor) || anchor < least || ++anchors > 1)
            {
                return false;
            }

            side = meaning;
        }

        var limit = ProtocolLimits.DefaultHistoryLimit;
        if (query.TryGetValue("limit", out var most)
            && (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > ProtocolLimits.MaxHistoryLimit))
        {
            return false;
        }

        range = new HistoryRange(side, anchor, limit);
        return true;
    }
}
