using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// What the store is known to have of a user's receipts. The user's own live sessions are told here what the user has read: in order, since
/// it is one actor that tells them, and whatever becomes of the channels, by which the other members are told.
/// </summary>
internal sealed class ReadCursors(Inbox inbox, UserSessions sessions)
{
    /// <summary>The store has these. What they say of channels that the user has left meanwhile is void.</summary>
    public void Learn(IEnumerable<Receipt> receipts, UserState state)
    {
        var isNews = false;
        foreach (var receipt in receipts)
        {
            // Below where a member's cursor starts it says nothing.
            var news = inbox.Find(receipt.Channel)?.Learn(receipt);
            if (news is { Read: not 0 } change && change.Read > state.JoinedAfter(receipt.Channel))
            {
                sessions.Announce(new ReceiptChanges(receipt.Channel, [change]));
                isNews = true;
            }
        }

        if (isNews)
        {
            TellDigest(state);
        }
    }

    /// <summary>Tells the live sessions by what they prove, to the next incarnation, that they have been told.</summary>
    public void TellDigest(UserState state) => sessions.Announce(new ReadCursorsTold(ReadDigest.Of(state, inbox)));
}
