using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// Whom the other user of a direct channel has blocked can neither open it nor say anything in it. They can still read what there is, and
/// take back what they said themselves; in groups a block means nothing.
/// </summary>
internal static class Blocking
{
    /// <summary>Null if the command may go on.</summary>
    public static Decision? Judge(ChannelCommand command, DecisionContext context)
    {
        if (!command.Channel.IsDirect || command is GetChannel or DeleteMessage or RemoveReaction || !IsOneOfTheTwo(command))
        {
            return null;
        }

        if (context.Blocks is not { } blocks)
        {
            return new Undecided([], []) { WantsBlocks = true };
        }

        var isBlocked = command.By == command.Channel.Users.Smaller ? blocks.ByLarger : blocks.BySmaller;
        return isBlocked ? command.Decline(Refusal.Blocked) : null;
    }

    // Anybody else is answered as if there was no such channel.
    private static bool IsOneOfTheTwo(ChannelCommand command)
    {
        var (smaller, larger) = command.Channel.Users;
        return command.By == smaller || command.By == larger;
    }
}
