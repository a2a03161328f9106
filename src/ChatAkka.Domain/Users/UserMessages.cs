using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Users;

/// <summary>Addressed to a user; the shard key of everything a user actor receives from outside.</summary>
public interface IUserMessage
{
    /// <summary>The user it is for.</summary>
    UserId User { get; }
}
