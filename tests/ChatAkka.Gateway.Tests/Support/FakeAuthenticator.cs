using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;

namespace ChatAkka.Gateway.Tests.Support;

/// <summary>Knows the token <c>USER/DEVICE</c>, refuses others, and answers later where a test wants it.</summary>
internal sealed class FakeAuthenticator : IAuthenticator
{
    /// <summary>If set, the answer to every token.</summary>
    public Func<string, ValueTask<Authentication>>? Override { get; set; }

    /// <summary>The answer for every device that was authenticated before; null if it still is.</summary>
    public Func<Task<Authentication>>? Confirmation { get; set; }

    public Task<Authentication> ConfirmAsync(Authenticated identity, CancellationToken cancel) =>
        Confirmation?.Invoke() ?? Task.FromResult<Authentication>(identity);

    public ValueTask<Authentication> AuthenticateAsync(string token, CancellationToken cancel)
    {
        if (Override is not null)
        {
            return Override(token);
        }

        return new ValueTask<Authentication>(token.Split('/') is [var user, var device]
            ? new Authenticated(new UserId(user), new DeviceId(device))
            : NotAuthenticated.Instance);
    }
}
