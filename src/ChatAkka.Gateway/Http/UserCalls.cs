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

/// <summary>Sign-up, own profile, look-up.</summary>
internal sealed class UserCalls(
    IAccountStore accounts, Passwords passwords, LogInLimiter limiter, SnowflakeGenerator ids, TimeProvider time)
{
    private const string ExternalPrefix = "ext:";

    public void Map(IEndpointRouteBuilder routes, ApiHandler handler)
    {
        routes.MapPost("/v1/users", handler.Open(SignUpAsync));
        routes.MapGet("/v1/users", handler.Authenticated(FindAsync));
        routes.MapGet("/v1/users/me", handler.Authenticated((context, caller) => ShowAsync(context, caller.User)));
        routes.MapMethods("/v1/users/me", ["PATCH"], handler.Authenticated(ChangeProfileAsync));
        routes.MapGet("/v1/users/{id}", handler.Authenticated(GetAsync));
    }

    private async Task<IResult> SignUpAsync(HttpContext context)
    {
        var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.SignUpRequest);
        if (request is null)
        {
            return problem!;
        }

        if (!Username.TryNormalize(request.Username, out var username))
        {
            return Problem.BadRequest("username must have 3 to 32 of a-z 0-9 _ .");
        }

        if (!Password.IsValid(request.Password))
        {
            return Problem.BadRequest("password must have 8 to 256 characters");
        }

        if (!DisplayName.TryNormalize(request.DisplayName ?? username, out var name))
        {
            return Problem.BadRequest("display_name must have 1 to 100 characters");
        }

        if (!limiter.TryEnter(context, out var retryMs))
        {
            return Problem.TooManyLogIns(retryMs);
        }

        var hash = await passwords.HashAsync(request.Password, context.RequestAborted);
        var account = new Account(ids.NextUser(), username, name, time.GetUtcNow().ToUnixTimeMilliseconds());
        return await accounts.CreateAsync(account, hash, context.RequestAborted)
            ? Answers.Json(StatusCodes.Status201Created, ToBody(account), HttpJson.Wire.UserBody)
            : new Problem(ErrorCodes.UsernameTaken);
    }

    private async Task<IResult> ChangeProfileAsync(HttpContext context, Authenticated caller)
    {
        var (request, problem) = await RequestBody.ReadAsync(context, HttpJson.Wire.ProfileRequest);
        if (request is null)
        {
            return problem!;
        }

        if (!DisplayName.TryNormalize(request.DisplayName, out var name))
        {
            return Problem.BadRequest("display_name must have 1 to 100 characters");
        }

        return await accounts.RenameAsync(caller.User, name, context.RequestAborted)
            ? await ShowAsync(context, caller.User)
            : new Problem(ErrorCodes.UserNotFound);
    }

    private Task<IResult> GetAsync(HttpContext context, Authenticated caller) =>
        UserId.TryParse((string?)context.GetRouteValue("id"), out var user)
            ? ShowAsync(context, user)
            : Task.FromResult<IResult>(new Problem(ErrorCodes.UserNotFound));

    private async Task<IResult> FindAsync(HttpContext context, Authenticated caller)
    {
        var (username, external) = (context.Request.Query["username"].ToString(), context.Request.Query["external"].ToString());
        if (username.Length > 0 == external.Length > 0)
        {
            return Problem.BadRequest("either username or external is required");
        }

        var known = external.Length > 0 ? ExternalSubject.IsValid(external) : Username.TryNormalize(username, out username!);
        var account = known
            ? await accounts.FindByUsernameAsync(external.Length > 0 ? ExternalPrefix + external : username, context.RequestAborted)
            : null;
        return Show(account);
    }

    private async Task<IResult> ShowAsync(HttpContext context, UserId user) => Show(await accounts.FindAsync(user, context.RequestAborted));

    private static IResult Show(Account? account) => account is null
        ? new Problem(ErrorCodes.UserNotFound)
        : Answers.Json(StatusCodes.Status200OK, ToBody(account), HttpJson.Wire.UserBody);

    private static UserBody ToBody(Account account) => new(account.Id.Value, account.Username, account.DisplayName);
}
