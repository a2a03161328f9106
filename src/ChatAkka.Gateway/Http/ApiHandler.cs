using Akka.Actor;
using ChatAkka.Domain.Timelines;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Logging;
using ChatAkka.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Http;

/// <summary>What every call goes through: who is it, may it be so often, and what is answered when it can't be served.</summary>
internal sealed class ApiHandler(IAuthenticator authenticator, AccountLimits limits, ILogger log)
{
    private const string Scheme = "Bearer ";

    /// <summary>A call that needs no token.</summary>
    public RequestDelegate Open(Func<HttpContext, Task<IResult>> handler) => context => ServeAsync(context, handler);

    /// <summary>A call on behalf of the token's device.</summary>
    public RequestDelegate Authenticated(Func<HttpContext, Authenticated, Task<IResult>> handler) => context => ServeAsync(
        context,
        async served => await AuthenticateAsync(served) switch
        {
            Authenticated caller => limits.TryRequest(caller.User, out var retryMs)
                ? await handler(served, caller)
                : Problem.RateLimited(retryMs, "Too many requests of this account."),
            AuthenticationUnavailable => Problem.Unavailable,
            _ => Problem.Unauthorized,
        });

    /// <summary>The token that a call gives; empty if it gives none.</summary>
    public static string TokenOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
    }

    private ValueTask<Authentication> AuthenticateAsync(HttpContext context) => TokenOf(context) is { Length: > 0 } token
        ? authenticator.AuthenticateAsync(token, context.RequestAborted)
        : new ValueTask<Authentication>(NotAuthenticated.Instance);

    private async Task ServeAsync(HttpContext context, Func<HttpContext, Task<IResult>> handler)
    {
        IResult answer;
        try
        {
            answer = await handler(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is StorageUnavailableException or AskTimeoutException)
        {
            GatewayLog.RequestUnavailable(log, context.Request.Method, context.Request.Path, e);
            answer = Problem.Unavailable;
        }
        catch (Exception e)
        {
            GatewayLog.RequestFault(log, context.Request.Method, context.Request.Path, e);
            answer = new Problem(ErrorCodes.Internal);
        }

        await answer.ExecuteAsync(context);
    }
}
