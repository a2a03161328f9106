using ChatAkka.Domain.Identity;

namespace ChatAkka.Gateway.Http;

/// <summary>Is told when two users may stand to each other otherwise than before.</summary>
public interface IContactObserver
{
    /// <summary>
    /// A friendship of the two has begun or ended, or one has blocked or unblocked the other. What holds now is in the store, and the
    /// caller waits for its answer until this has completed. It may come again for what is known already: a repeated request makes good
    /// for one whose telling failed.
    /// </summary>
    Task ChangedAsync(UserId a, UserId b);
}
