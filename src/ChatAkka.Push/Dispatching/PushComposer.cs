using ChatAkka.Domain.Push;

namespace ChatAkka.Push.Dispatching;

/// <summary>Makes the notification of a push from what is so when it is sent.</summary>
internal sealed class PushComposer(IPushFacts facts, PushOptions options)
{
    /// <summary>Null if there is nothing to push any more.</summary>
    /// <exception cref="Domain.Timelines.StorageUnavailableException">It can't be told now.</exception>
    public async Task<PushNotification?> ComposeAsync(PendingPush push, CancellationToken cancel) =>
        await facts.FindAsync(push.User, push.Channel, push.MessageId, cancel) is { } found
            ? new PushNotification(
                push.DeliveryId,
                push.User,
                push.Channel,
                found.Kind,
                found.Title,
                found.From,
                found.FromName,
                push.MessageId,
                push.At,
                found.Count,
                Beginning(found.Text, options.PreviewLength))
            : null;

    private static string Beginning(string text, int codePoints)
    {
        var end = 0;
        for (var taken = 0; taken < codePoints && end < text.Length; taken++)
        {
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        }

        return text[..end];
    }
}
