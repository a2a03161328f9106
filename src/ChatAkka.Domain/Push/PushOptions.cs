namespace ChatAkka.Domain.Push;

/// <summary>
/// Section <c>Push</c> of the configuration: what users who aren't connected are told, and how hard it is tried. Here rather than beside
/// the sender: a node that has no webhook reads this too, and needn't load the sender's assembly, which costs two of its files.
/// </summary>
public sealed record PushOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Push";

    /// <summary>Where notifications go.</summary>
    public WebhookOptions Webhook { get; init; } = new();

    /// <summary>Notifications that are sent at the same time.</summary>
    public int ConcurrentSends { get; init; } = 16;

    /// <summary>Attempts after which a notification is given up and becomes a dead letter.</summary>
    public int MaxAttempts { get; init; } = 12;

    /// <summary>Ms after the first failure that the second attempt is made; it doubles with each further failure.</summary>
    public int FirstRetryMs { get; init; } = 1_000;

    /// <summary>Ms between two attempts at most, also if the receiver asks for more.</summary>
    public int LongestRetryMs { get; init; } = 3_600_000;

    /// <summary>Code points of a message's text that a notification carries; 0 lets no text leave the server.</summary>
    public int PreviewLength { get; init; } = 100;

    /// <summary>False if there is nowhere to send to: then nothing may be put into the outbox, because nobody takes it out.</summary>
    public bool IsEnabled => Webhook.Url.Length > 0;

    /// <summary>One sentence for each setting that can't be used; never a secret.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [.. Webhook.Validate()];
        Range(nameof(ConcurrentSends), ConcurrentSends, 1, 1_024);
        Range(nameof(MaxAttempts), MaxAttempts, 1, 100);
        Range(nameof(FirstRetryMs), FirstRetryMs, 1, 3_600_000);
        Range(nameof(LongestRetryMs), LongestRetryMs, 1, 86_400_000);
        Range(nameof(PreviewLength), PreviewLength, 0, 10_000);
        if (errors.Count == 0 && LongestRetryMs < FirstRetryMs)
        {
            errors.Add($"{Section}:{nameof(LongestRetryMs)} must not be less than {Section}:{nameof(FirstRetryMs)}.");
        }

        return errors;

        void Range(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{Section}:{name} must be from {least} to {most}, but is {value}.");
            }
        }
    }
}
