using ChatAkka.Domain.Accounts;
using ChatAkka.Gateway.Limits;
using Microsoft.AspNetCore.Identity;

namespace ChatAkka.Gateway.Auth;

/// <summary>
/// Hashes and checks passwords with the framework's hasher: slow on purpose, so away from the callers' threads and only so many at a time.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private readonly PasswordHasher<Account> _hasher = new();
    private readonly SemaphoreSlim _slots;
    private readonly Lazy<string> _nobodys;

    public Passwords(LimitsOptions limits)
    {
        var slots = limits.ConcurrentPasswordHashes > 0 ? limits.ConcurrentPasswordHashes : Environment.ProcessorCount;
        _slots = new SemaphoreSlim(slots, slots);
        _nobodys = new Lazy<string>(() => _hasher.HashPassword(null!, "nobody has this password"));
    }

    public Task<string> HashAsync(string password, CancellationToken cancel) =>
        RunAsync(() => _hasher.HashPassword(null!, password), cancel);

    /// <summary>Whether the password is the one of these credentials. Without credentials it takes the same time and answers no.</summary>
    public Task<bool> VerifyAsync(Credentials? credentials, string password, CancellationToken cancel) => RunAsync(
        () =>
        {
            var result = _hasher.VerifyHashedPassword(null!, credentials?.PasswordHash ?? _nobodys.Value, password);
            return credentials is not null && result != PasswordVerificationResult.Failed;
        },
        cancel);

    public void Dispose() => _slots.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, cancel);
        }
        finally
        {
            _slots.Release();
        }
    }
}
