using System.Globalization;
using ChatAkka.Domain.Accounts;
using ChatAkka.Domain.Contacts;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Http;

/// <summary>How the API words friendships and why a request for one is refused.</summary>
internal static class ContactAnswers
{
    public static IResult Friend(Account other, Relation relation)
    {
        long? since = relation.State == FriendState.None ? null : relation.Since;
        return Answers.Json(
            StatusCodes.Status200OK,
            new FriendBody(other.Id.Value, other.Username, other.DisplayName, State(relation.State), since),
            HttpJson.Wire.FriendBody);
    }

    public static string State(FriendState state) => state switch
    {
        FriendState.None => "none",
        FriendState.PendingOut => "pending_out",
        FriendState.PendingIn => "pending_in",
        FriendState.Friends => "friends",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static Problem Of(ContactRefusal reason) => reason switch
    {
        ContactRefusal.UserNotFound => new Problem(ErrorCodes.UserNotFound),
        ContactRefusal.Blocked => new Problem(ErrorCodes.Blocked, "This user has blocked you."),
        ContactRefusal.Blocking => new Problem(ErrorCodes.Blocked, "You have blocked this user."),
        ContactRefusal.TooManyFriends => Full($"You have {Number(ContactRules.MaxFriends)} friends and requests, more can't be."),
        ContactRefusal.OtherHasTooManyFriends =>
            Full($"This user has {Number(ContactRules.MaxFriends)} friends and requests, more can't be."),
        ContactRefusal.TooManyBlocks => Full($"You have blocked {Number(ContactRules.MaxBlocks)} users, more can't be."),
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static Problem Full(string sentence) => new(ErrorCodes.NotAllowed, sentence);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
