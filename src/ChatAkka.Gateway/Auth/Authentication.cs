using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Auth;

/// <summary>What a token proves.</summary>
internal abstract record Authentication;

/// <summary>The token belongs to this device of this user.</summary>
internal sealed record Authenticated(UserId User, DeviceId Device) : Authentication;

/// <summary>The token is wrong, expired or revoked.</summary>
internal sealed record NotAuthenticated : Authentication
{
    public static readonly NotAuthenticated Instance = new();
}

/// <summary>Nobody can tell now: the store doesn't answer.</summary>
internal sealed record AuthenticationUnavailable : Authentication
{
    public static readonly AuthenticationUnavailable Instance = new();
}

/// <summary>Tells whose a token is: a session's or an integrator's.</summary>
internal interface IAuthenticator
{
    /// <summary>Never throws for a store that doesn't answer; that is <see cref="AuthenticationUnavailable"/>.</summary>
    ValueTask<Authentication> AuthenticateAsync(string token, CancellationToken cancel);

    /// <summary>Whether a device that was authenticated before may go on: <see cref="NotAuthenticated"/> if it was revoked since. As above,
    /// it never throws for a store.</summary>
    Task<Authentication> ConfirmAsync(Authenticated identity, CancellationToken cancel);
}
