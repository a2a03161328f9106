using Akka.Actor;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAkka.Gateway.Http;

/// <summary>Log in, list devices, log out, revoke.</summary>
internal sealed class SessionCalls(
    IAccountStore accounts, Passwords passwords, LogInLimiter limiter, Authenticator authenticator, ServerCalls servers, Regions regions,
    SnowflakeGenerator ids, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapPost("/v1/sessions", handler.Open(LogInAsync));
        routes.MapGet("/v1/sessions", handler.Authenticated(ListAsync));
        routes.MapDelete(
            "/v1/sessions/current", handler.Authenticated((context, caller) => RevokeAsync(context, caller.User, caller.Device)));
        routes.MapDelete("/v1/sessions/{device}", handler.Authenticated(RevokeOneAsync));
    }

    private async Task<IResult> LogInAsync(HttpContext context)
    {
        var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.LogInRequest);
        if (request is null)
        {
            return problem!;
        }

        if (request.Username is null || request.Password is null)
        {
            return Problem.BadRequest("username and password are required");
        }

        if (!TryLabel(request.Device?.Name, out var name) || !TryLabel(request.Device?.Platform, out var platform))
        {
            return Problem.BadRequest("device.name and device.platform must have 1 to 100 characters");
        }

        if (!limiter.TryEnter(context, out var retryMs))
        {
            return Problem.TooManyLogIns(retryMs);
        }

        var (account, refusal) = await VerifyAsync(request.Username, request.Password, context.RequestAborted);
        return account is null ? refusal! : await OpenSessionAsync(context, account.Id, name, platform, request.Region);
    }

    // Whether there is such an account must not be seen, neither by the answer nor by how long it takes.
    private async Task<(Account? Account, Problem? Problem)> VerifyAsync(string name, string password, CancellationToken cancel)
    {
        var credentials = Username.TryNormalize(name, out var username) ? await accounts.FindCredentialsAsync(username, cancel) : null;
        if (username is not null && !limiter.TryAttempt(username, out var retryMs))
        {
            return (null, Problem.RateLimited(retryMs, "Too many log-ins of this account have failed."));
        }

        if (!await passwords.VerifyAsync(credentials, password, cancel))
        {
            return (null, new Problem(ErrorCodes.BadCredentials));
        }

        limiter.Succeed(username!);
        return (credentials!.Account, null);
    }

    private async Task<IResult> OpenSessionAsync(HttpContext context, UserId user, string name, string platform, string? region)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var token = SessionToken.Create();
        SessionToken.TryHash(token, out var hash);
        var session = new DeviceSession(ids.NextDevice(), user, name, platform, now, now, authenticator.ExpiryFrom(now));

        // Cursors first: a token that is out must never meet a device without them.
        var registered = await regions.AskUserAsync(new RegisterDevice(user, session.Device));
        if (registered is not DeviceRegistered)
        {
            return Problem.Unavailable;
        }

        await accounts.CreateSessionAsync(session, hash!, context.RequestAborted);
        return Answers.Json(
            StatusCodes.Status201Created,
            new LogInBody(token, user.Value, session.Device.Value, servers.ServersFor(context.Request, user, region)),
            HttpJson.Wire.LogInBody);
    }

    private async Task<IResult> ListAsync(HttpContext context, Authenticated caller)
    {
        var sessions = await accounts.ListSessionsAsync(caller.User, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted);
        var bodies = sessions.Select(session => new SessionBody(
            session.Device.Value, session.Name, session.Platform, session.CreatedAt, session.LastUsedAt, session.ExpiresAt,
            session.Device == caller.Device));
        return Answers.Json(StatusCodes.Status200OK, new SessionsBody([.. bodies]), HttpJson.Wire.SessionsBody);
    }

    // Idempotent: a session that isn't there is as good as revoked.
    private Task<IResult> RevokeOneAsync(HttpContext context, Authenticated caller) =>
        DeviceId.TryParse((string?)context.GetRouteValue("device"), out var device)
            ? RevokeAsync(context, caller.User, device)
            : Task.FromResult<IResult>(Problem.BadRequest("not a device id"));

    private async Task<IResult> RevokeAsync(HttpContext context, UserId user, DeviceId device)
    {
        // The store first: a socket that is closed before could come back with the token.
        await accounts.RevokeSessionAsync(user, device, context.RequestAborted);
        regions.Users.Tell(new RevokeDevice(user, device), ActorRefs.NoSender);
        regions.Presence.Tell(new DeviceLoggedOut(user, device), ActorRefs.NoSender);
        return Answers.NoContent;
    }

    private static bool TryLabel(string? text, out string label)
    {
        label = "";
        return string.IsNullOrWhiteSpace(text) || DisplayName.TryNormalize(text, out label!);
    }
}
