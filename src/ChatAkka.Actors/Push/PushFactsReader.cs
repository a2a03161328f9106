using Akka.Actor;
using Akka.Hosting;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Push;

/// <summary>What a push says, from the channel, its timeline and the receipts as they are when it is sent.</summary>
public sealed class PushFactsReader(ChatStores stores, IRequiredActor<ChannelRegion> channels) : IPushFacts
{
    private const int EventsPerRead = 200;
    private static readonly TimeSpan ChannelPatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<PushFacts?> FindAsync(UserId user, ChannelId channel, long messageId, CancellationToken cancel)
    {
        switch (await AskAsync(new GetChannel(channel, user, 0), cancel))
        {
            case ChannelInfo info:
                return await FindAsync(user, info.View, messageId, cancel);
            case Refused { Reason: Refusal.ChannelNotFound }:
                return null; // not a member any more
            default:
                throw new StorageUnavailableException($"channel {channel} could not be opened");
        }
    }

    private async Task<PushFacts?> FindAsync(UserId user, ChannelView view, long messageId, CancellationToken cancel)
    {
        var receipt = (await stores.Receipts.FindAsync(view.Id, [user], cancel)).FirstOrDefault();
        var (read, readN) = Domain.Users.Receipt.ReadCursor(view.Of(user), receipt.Read, receipt.ReadN);
        if (await FirstThatStandsAsync(user, view, Math.Max(messageId, read + 1), cancel) is not { } message)
        {
            return null;
        }

        var sender = await stores.Accounts.FindAsync(message.Posted.From, cancel);
        return new PushFacts(
            view.Kind, view.Title, message.Posted.From, sender?.DisplayName ?? "", Math.Max(1, view.N - readN), message.Text);
    }

    private async Task<FoldedMessage?> FirstThatStandsAsync(UserId user, ChannelView view, long from, CancellationToken cancel)
    {
        while (from <= view.Head)
        {
            var events = await stores.Timelines.ReadAsync(view.Id, from, view.Head, EventsPerRead, backward: false, cancel);
            if (events.Count == 0)
            {
                return null;
            }

            var annotations = await stores.Timelines.ReadAnnotationsAsync(view.Id, from, events[^1].Id, cancel);
            var others = events.OfType<MessagePosted>().Where(message => message.From != user).ToList();
            if (FoldedMessage.Of(others, annotations).FirstOrDefault(message => !message.Deleted) is { } first)
            {
                return first;
            }

            from = events[^1].Id + 1;
        }

        return null;
    }

    private async Task<ChannelReply> AskAsync(GetChannel command, CancellationToken cancel)
    {
        try
        {
            return await channels.ActorRef.Ask<ChannelReply>(command, ChannelPatience, cancel);
        }
        catch (AskTimeoutException e)
        {
            throw new StorageUnavailableException($"channel {command.Channel} did not answer", e);
        }
    }
}
