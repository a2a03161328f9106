using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Accounts;

namespace ChatAkka.Storage.Contacts;

/// <summary>What a request was answered, on the relation that was there.</summary>
internal readonly record struct ContactDecision(Relation Before, ContactReply Reply)
{
    /// <summary>The relation to be stored; null if all is as it should be already, or refused.</summary>
    public Relation? Change => Reply is ContactSettled settled && settled.Relation != Before ? settled.Relation : null;

    /// <summary>The ids of the two whom a request is about.</summary>
    /// <exception cref="ArgumentException">Both are the same user.</exception>
    public static (long User, long Other) Between(UserId user, UserId other) => user != other
        ? (StoredId.Of(user), StoredId.Of(other))
        : throw new ArgumentException("a relation has two different users", nameof(other));
}
