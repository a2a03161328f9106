using System.Collections.Concurrent;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Limits;

/// <summary>Counts the open sockets of each account on this node.</summary>
internal sealed class AccountSockets(LimitsOptions limits)
{
    private readonly ConcurrentDictionary<UserId, int> _open = new();

    /// <summary>False if the account has as many as it may; otherwise <see cref="Leave"/> must follow once.</summary>
    public bool TryEnter(UserId user)
    {
        while (true)
        {
            var count = _open.GetOrAdd(user, 0);
            if (count >= limits.SocketsPerAccount)
            {
                return false;
            }

            if (_open.TryUpdate(user, count + 1, count))
            {
                return true;
            }
        }
    }

    public void Leave(UserId user)
    {
        while (_open.TryGetValue(user, out var count))
        {
            if (count > 1 ? _open.TryUpdate(user, count - 1, count) : _open.TryRemove(KeyValuePair.Create(user, count)))
            {
                return;
            }
        }
    }
}
