using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.LongPoll;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>The long poll: what a socket carries, for clients that can't hold one.</summary>
internal sealed class SyncCalls(PollSessions sessions, ConnectionSweeper sweeper)
{
    private const string Path = "/v1/sync";

    private static readonly Problem TooMany = Problem.RateLimited(ProtocolLimits.TimeoutMs, "Too many sockets of this account.");

    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapGet(Path, handler.Authenticated(PollAsync));
        routes.MapPost(Path, handler.Authenticated(PostAsync));
    }

    private async Task<IResult> PollAsync(HttpContext context, Authenticated caller)
    {
        if (!TryTimeout(context.Request.Query, out var atMost))
        {
            return Problem.BadRequest($"timeout_ms must be a number from 0 to {ProtocolLimits.MaxPollMs}");
        }

        var session = sessions.Find(caller);
        if (session is null || !session.TryClaim(context.Request.Query["poll"]))
        {
            if (!TryOpen(context, caller, polled: true, out session, out var problem))
            {
                return problem;
            }
        }

        return new FramesAnswer(await session.PollAsync(atMost, context.RequestAborted));
    }

    private async Task<IResult> PostAsync(HttpContext context, Authenticated caller)
    {
        var (posted, problem) = await RequestBody.ReadBytesAsync(context, ProtocolLimits.MaxMessageBodyBytes);
        if (posted is null)
        {
            return problem!;
        }

        using var body = posted;
        if (FrameListDecoder.Decode(body.Span, out var found) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }

        var session = sessions.Find(caller);
        if (session is null && !TryOpen(context, caller, polled: false, out session, out problem))
        {
            return problem;
        }

        var frames = found.Select(frame => body.Memory[frame]).ToArray();
        return await session.PostAsync(frames, context.RequestAborted) switch
        {
            Intake.Taken => Answers.NoContent,
            Intake.Full => new Problem(ErrorCodes.Busy, retryMs: Refusals.RetryMs),
            _ => new Problem(ErrorCodes.Unavailable, "The session has ended; the next poll tells why.", retryMs: Refusals.RetryMs),
        };
    }

    private bool TryOpen(
        HttpContext context,
        Authenticated caller,
        bool polled,
        [NotNullWhen(true)] out PollSession? session,
        [NotNullWhen(false)] out Problem? problem)
    {
        (session, problem) = (null, null);
        if (sweeper.IsDraining)
        {
            problem = Problem.Unavailable;
        }
        else if (!sessions.TryOpen(caller, ApiHandler.TokenOf(context), polled, out session))
        {
            problem = TooMany;
        }

        return session is not null;
    }

    private static bool TryTimeout(IQueryCollection query, out TimeSpan atMost)
    {
        var milliseconds = ProtocolLimits.MaxPollMs;
        var given = !query.TryGetValue("timeout_ms", out var text)
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds)
            && milliseconds <= ProtocolLimits.MaxPollMs;
        atMost = TimeSpan.FromMilliseconds(milliseconds);
        return given;
    }

    private sealed class FramesAnswer(PollAnswer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = "application/json";

            // An answer is for one poll alone, though two may look the same.
            response.Headers.CacheControl = "no-store";
            var body = Encode(answer);
            response.ContentLength = body.WrittenCount;
            return response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted).AsTask();
        }

        private static ArrayBufferWriter<byte> Encode(PollAnswer answer)
        {
            var end = Encoding.ASCII.GetBytes($"],\"poll\":\"{answer.Poll}\"}}");
            var body = new ArrayBufferWriter<byte>(answer.Frames.Sum(static frame => frame.Length + 1) + end.Length + 16);
            body.Write("{\"frames\":["u8);
            for (var i = 0; i < answer.Frames.Count; i++)
            {
                if (i > 0)
                {
                    body.Write(","u8);
                }

                body.Write(answer.Frames[i]);
            }

            body.Write(end);
            return body;
        }
    }
}
