using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// A number for all of a user's own read cursors: two incarnations of the user that compute the same one have the same cursors. So a
/// session that changes from one to the other is told of them only if there is something to tell, though nobody remembers what it was told
/// of each channel. Every node must compute the same; one that doesn't tells them all, which does no harm.
/// </summary>
internal static class ReadDigest
{
    private const ulong FnvBasis = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>0 if nothing was ever read.</summary>
    public static ulong Of(UserState state, Inbox inbox)
    {
        ulong sum = 0;
        foreach (var channel in state.Channels)
        {
            // Below where a member's cursor starts it says nothing.
            if (inbox.Find(channel) is { } position && position.Read > state.JoinedAfter(channel))
            {
                sum += Of(channel, position.Read);
            }
        }

        return sum;
    }

    private static ulong Of(ChannelId channel, long read)
    {
        var hash = FnvBasis;
        foreach (var letter in channel.Value)
        {
            hash = (hash ^ letter) * FnvPrime;
        }

        hash ^= (ulong)read;

        // The finishing steps of SplitMix64: every bit depends on all.
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
