using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>What can be said of a request before a channel is asked.</summary>
internal static class RequestChecks
{
    /// <summary>What is wrong with a send, if that shows without asking the channel.</summary>
    /// <param name="sender">Who sends it.</param>
    /// <param name="channel">Where it goes; with <c>to</c> the direct channel of the two.</param>
    public static ErrorCode? Of(SendFrame frame, UserId sender, out ChannelId channel, out ImmutableArray<UserId> mentions)
    {
        mentions = [];
        if (frame.To is null)
        {
            if (!MayAddress(frame.Channel, sender, out channel))
            {
                return ErrorCodes.ChannelNotFound;
            }
        }
        else
        {
            channel = default;
            if (!UserId.TryParse(frame.To, out var to))
            {
                return ErrorCodes.UserNotFound;
            }

            if (to == sender)
            {
                return ErrorCodes.BadRequest;
            }

            channel = ChannelId.Direct(sender, to);
        }

        if (!ClientMessageId.IsValid(frame.ClientId) || !WireEvents.TryUsers(frame.Mentions, out mentions))
        {
            return ErrorCodes.BadRequest;
        }

        return Refusals.OfText(frame.Text);
    }

    /// <summary>False for an id that isn't one, and for a direct channel of others: neither need be asked, it would answer the same as if
    /// it didn't exist.</summary>
    public static bool MayAddress(string? text, UserId user, out ChannelId channel)
    {
        if (!ChannelId.TryParse(text, out channel))
        {
            return false;
        }

        if (!channel.IsDirect)
        {
            return true;
        }

        var (smaller, larger) = channel.Users;
        return smaller == user || larger == user;
    }
}
