using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Storage.InMemory;

/// <summary>Accounts and device sessions.</summary>
internal sealed class AccountData
{
    public Dictionary<UserId, Account> ById { get; } = [];

    public Dictionary<string, UserId> ByUsername { get; } = [];

    public Dictionary<UserId, string> PasswordHashes { get; } = [];

    public Dictionary<(UserId User, string Name), (DeviceId Device, long CreatedAt)> ExternalDevices { get; } = [];

    public Dictionary<DeviceId, DeviceSession> Sessions { get; } = [];

    /// <summary>By the hash of the token, in hexadecimal.</summary>
    public Dictionary<string, DeviceId> Tokens { get; } = [];

    public Account? Find(string username) => ByUsername.TryGetValue(username, out var user) ? ById[user] : null;

    /// <param name="passwordHash">Null for a user who has no password.</param>
    /// <returns>False if the user name is taken.</returns>
    public bool TryAdd(Account account, string? passwordHash)
    {
        if (ByUsername.ContainsKey(account.Username))
        {
            return false;
        }

        ById.Add(account.Id, account);
        ByUsername.Add(account.Username, account.Id);
        if (passwordHash is not null)
        {
            PasswordHashes.Add(account.Id, passwordHash);
        }

        return true;
    }

    public void Remove(UserId user)
    {
        if (ById.Remove(user, out var account))
        {
            ByUsername.Remove(account.Username);
            PasswordHashes.Remove(user);
        }
    }

    /// <returns>False if there is a session of the device, or one with that token.</returns>
    public bool TryAdd(DeviceSession session, byte[] tokenHash)
    {
        var token = Convert.ToHexString(tokenHash);
        return !Tokens.ContainsKey(token) && Sessions.TryAdd(session.Device, session) && Tokens.TryAdd(token, session.Device);
    }

    public void Remove(DeviceId device)
    {
        Sessions.Remove(device);
        Tokens.Remove(Tokens.First(token => token.Value == device).Key);
    }
}
