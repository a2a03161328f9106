using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Limits;

/// <summary>How often one address may sign up and log in, and how often log-ins of one account may fail. Asked before a password is
/// hashed: that is what guessing costs the server most.</summary>
internal sealed class LogInLimiter(LimitsOptions limits, ClientAddresses addresses, TimeProvider time)
{
    // Some 20 MB each, full.
    private const int Capacity = 100_000;

    private readonly KeyedBuckets<ulong>? _addresses = limits.LogInsPerMinute > 0
        ? new KeyedBuckets<ulong>(limits.LogInsPerMinute / 60.0, limits.LogInsPerMinute, Capacity, time)
        : null;

    // By name, whether there is such an account or not: the answer must not tell.
    private readonly KeyedBuckets<string>? _accounts = limits.FailedLogInsPerAccount > 0
        ? new KeyedBuckets<string>(
            limits.FailedLogInsPerAccount / (double)LimitsOptions.FailedLogInsSeconds, limits.FailedLogInsPerAccount, Capacity, time)
        : null;

    /// <summary>Counts a sign-up or log-in of the request's address; false if there were too many.</summary>
    public bool TryEnter(HttpContext context, out long retryMs)
    {
        retryMs = 0;
        return _addresses is null || _addresses.TryTake(ClientAddresses.KeyOf(addresses.Of(context)), out retryMs);
    }

    /// <summary>Counts a log-in as failed until <see cref="Succeed"/> is told otherwise, so that many at once are no way around; false if
    /// too many have failed.</summary>
    public bool TryAttempt(string username, out long retryMs)
    {
        retryMs = 0;
        return _accounts is null || _accounts.TryTake(username, out retryMs);
    }

    /// <summary>The password was right: what failed before is forgotten.</summary>
    public void Succeed(string username) => _accounts?.Refill(username);
}
