using System.Collections.Concurrent;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Gateway.Http;

namespace ChatAkka.Gateway.Auth;

/// <summary>
/// Who an integrator's users and devices are here; they come to be at first sight. What was found is remembered, so that a crowd that
/// reconnects doesn't fall on the store: identities never change, so an entry can't be wrong.
/// </summary>
/// <remarks>Bounded: when full it starts over, which is cheaper than keeping an order and costs one look-up each.</remarks>
internal sealed class ExternalIdentities(IAccountStore accounts, Regions regions, SnowflakeGenerator ids, TimeProvider time)
{
    private const int Capacity = 50_000;
    private readonly ConcurrentDictionary<(string Subject, string Device), Authenticated> _known = new();

    /// <exception cref="Domain.Timelines.StorageUnavailableException">The store could not answer.</exception>
    public ValueTask<Authenticated> ResolveAsync(IntegratorClaims claims, CancellationToken cancel) =>
        _known.TryGetValue((claims.Subject, claims.Device), out var known)
            ? new ValueTask<Authenticated>(known)
            : EnsureAsync(claims, cancel);

    private async ValueTask<Authenticated> EnsureAsync(IntegratorClaims claims, CancellationToken cancel)
    {
        var name = DisplayName.TryNormalize(claims.Name, out var given) ? given : claims.Subject;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var found = await accounts.EnsureExternalAsync(claims.Subject, claims.Device, name, ids.NextUser(), ids.NextDevice(), now, cancel);
        if (found.DeviceIsNew && await regions.AskUserAsync(new RegisterDevice(found.User, found.Device)) is not DeviceRegistered)
        {
            throw new StorageUnavailableException("the new device's cursors could not be stored");
        }

        var identity = new Authenticated(found.User, found.Device);
        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[(claims.Subject, claims.Device)] = identity;
        return identity;
    }
}
