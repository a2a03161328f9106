namespace ChatAkka.Domain.Push;

/// <summary>Section <c>Push:Webhook</c> of the configuration.</summary>
public sealed record WebhookOptions
{
    private const string Section = $"{PushOptions.Section}:Webhook";
    private const int MinSecretBytes = 32;
    private const int MostTimeoutMs = 120_000;

    /// <summary>Where notifications are posted to; empty switches push notifications off.</summary>
    public string Url { get; init; } = "";

    /// <summary>The key that signs them, in base64, at least 32 bytes.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Ms that the receiver may take to answer.</summary>
    public int TimeoutMs { get; init; } = 10_000;

    /// <summary>One sentence for each setting that can't be used; never its value, which may hold a secret.</summary>
    public IEnumerable<string> Validate()
    {
        if (Url.Length > 0 && !IsUsable(Url))
        {
            yield return $"{Section}:{nameof(Url)} must be an absolute http:// or https:// URL without a user name.";
        }

        if ((Url.Length > 0 || Secret.Length > 0)
            && (!Convert.TryFromBase64String(Secret, new byte[Secret.Length], out var length) || length < MinSecretBytes))
        {
            yield return $"{Section}:{nameof(Secret)} must be base64 of at least {MinSecretBytes} bytes.";
        }

        if (TimeoutMs is < 1 or > MostTimeoutMs)
        {
            yield return $"{Section}:{nameof(TimeoutMs)} must be from 1 to {MostTimeoutMs}, but is {TimeoutMs}.";
        }
    }

    // A user name in the URL would silently not be sent.
    private static bool IsUsable(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.Host.Length > 0 && url.UserInfo.Length == 0;
}
