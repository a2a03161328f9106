using System.Collections.Concurrent;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Limits;

/// <summary>
/// What each account may take of this node. An account is known while it has a socket, and without one until its buckets are full again,
/// which is looked at once a minute. Those without one are bounded: when there are more than 100,000, all of them are forgotten, and each
/// starts with full buckets again.
/// </summary>
internal sealed class AccountLimits(LimitsOptions limits, TimeProvider time)
{
    private const int MostIdle = 100_000;
    private const double SweepSeconds = 60;

    private readonly ConcurrentDictionary<UserId, AccountUse> _accounts = new();
    private double _nextSweep;
    private int _idle;
    private int _sweeping;

    /// <summary>Accounts that are known.</summary>
    public int Count => _accounts.Count;

    private bool HasRate => limits.AccountRequestsPerSecond > 0;

    private double Now => Seconds(time.GetTimestamp());

    /// <summary>False if the account has as many sockets as it may; otherwise <see cref="Leave"/> must follow once.</summary>
    public bool TryEnter(UserId user)
    {
        while (true)
        {
            var use = Find(user);
            if (use.TryEnter(limits.SocketsPerAccount, out var first))
            {
                if (first)
                {
                    Interlocked.Decrement(ref _idle);
                }

                return true;
            }

            if (use.IsLive)
            {
                return false;
            }
        }
    }

    public void Leave(UserId user)
    {
        if (_accounts.TryGetValue(user, out var use) && use.Leave())
        {
            Interlocked.Increment(ref _idle);
            Forget(user, use, Now, anyway: !HasRate);
        }
    }

    /// <summary>The rate of an account's sockets, for one that has entered; null if there is no limit.</summary>
    public AccountUse? RateOf(UserId user) => HasRate ? Find(user) : null;

    /// <summary>Counts a request over HTTP; if the account makes too many, tells in how many ms the next one may come.</summary>
    public bool TryRequest(UserId user, out long retryMs)
    {
        retryMs = 0;
        return !HasRate || Find(user).TryRequest(limits.AccountRequestsPerSecond, limits.AccountBurst, Now, out retryMs);
    }

    /// <summary>Forgets who isn't worth knowing any more, once a minute; called more often.</summary>
    public void Sweep(long timestamp)
    {
        var now = Seconds(timestamp);
        if (now >= Volatile.Read(ref _nextSweep))
        {
            Volatile.Write(ref _nextSweep, now + SweepSeconds);
            ForgetIdle(now, anyway: false);
        }
    }

    private double Seconds(long timestamp) => timestamp / (double)time.TimestampFrequency;

    private AccountUse Find(UserId user)
    {
        while (true)
        {
            if (_accounts.TryGetValue(user, out var use))
            {
                if (use.IsLive)
                {
                    return use;
                }

                _accounts.TryRemove(KeyValuePair.Create(user, use));
                continue;
            }

            var added = new AccountUse();
            if (_accounts.TryAdd(user, added))
            {
                if (Interlocked.Increment(ref _idle) > MostIdle)
                {
                    ForgetIdle(Now, anyway: true);
                }

                return added;
            }
        }
    }

    private void ForgetIdle(double now, bool anyway)
    {
        // One at a time is enough.
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        foreach (var (user, use) in _accounts)
        {
            Forget(user, use, now, anyway);
        }

        Volatile.Write(ref _sweeping, 0);
    }

    private void Forget(UserId user, AccountUse use, double now, bool anyway)
    {
        if (use.TryForget(now, anyway))
        {
            Interlocked.Decrement(ref _idle);
            _accounts.TryRemove(KeyValuePair.Create(user, use));
        }
    }
}
