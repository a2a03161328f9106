using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Timelines;
using ChatAkka.Gateway.Logging;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Auth;

/// <summary>Session tokens and, if they are switched on, an integrator's.</summary>
internal sealed class Authenticator(
    IAccountStore accounts, ExternalIdentities external, AuthOptions options, TimeProvider time, ILogger<Authenticator> log)
    : IAuthenticator
{
    // The expiry slides, but not every use is worth a write.
    private const long TouchEveryMs = 60 * 60 * 1_000;
    private const long DayMs = 24 * 60 * 60 * 1_000;

    private readonly IntegratorTokenVerifier? _integrator =
        options.IntegratorKey.Length > 0 ? new IntegratorTokenVerifier(Convert.FromBase64String(options.IntegratorKey)) : null;

    /// <summary>When a session that is used now ends.</summary>
    public long ExpiryFrom(long now) => now + options.SessionDays * DayMs;

    /// <inheritdoc/>
    public async ValueTask<Authentication> AuthenticateAsync(string token, CancellationToken cancel)
    {
        try
        {
            if (SessionToken.TryHash(token, out var hash))
            {
                return await FindSessionAsync(hash, cancel);
            }

            return _integrator is not null && _integrator.TryVerify(token, time.GetUtcNow().ToUnixTimeSeconds(), out var claims)
                ? await external.ResolveAsync(claims, cancel)
                : NotAuthenticated.Instance;
        }
        catch (StorageUnavailableException)
        {
            return AuthenticationUnavailable.Instance;
        }
    }

    /// <inheritdoc/>
    /// <remarks>An integrator's devices have no session here, and nothing to revoke: their tokens end by themselves.</remarks>
    public async Task<Authentication> ConfirmAsync(Authenticated identity, CancellationToken cancel)
    {
        try
        {
            // Expired or not: a socket that is open is a session in use.
            var sessions = await accounts.ListSessionsAsync(identity.User, at: 0, cancel);
            return sessions.Any(session => session.Device == identity.Device)
                || await accounts.FindAsync(identity.User, cancel) is { IsExternal: true }
                ? identity
                : NotAuthenticated.Instance;
        }
        catch (StorageUnavailableException)
        {
            return AuthenticationUnavailable.Instance;
        }
    }

    private async ValueTask<Authentication> FindSessionAsync(byte[] hash, CancellationToken cancel)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var session = await accounts.FindSessionAsync(hash, now, cancel);
        if (session is null)
        {
            return NotAuthenticated.Instance;
        }

        if (now - session.LastUsedAt >= TouchEveryMs)
        {
            await TouchAsync(session, now, cancel);
        }

        return new Authenticated(session.User, session.Device);
    }

    // A session that can't be touched now is valid all the same.
    private async Task TouchAsync(DeviceSession session, long now, CancellationToken cancel)
    {
        try
        {
            await accounts.TouchSessionAsync(session.Device, now, ExpiryFrom(now), cancel);
        }
        catch (StorageUnavailableException e)
        {
            GatewayLog.TouchFailed(log, e);
        }
    }
}
