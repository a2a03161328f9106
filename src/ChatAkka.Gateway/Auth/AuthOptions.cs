namespace ChatAkka.Gateway.Auth;

/// <summary>Section <c>Auth</c> of the configuration.</summary>
public sealed record AuthOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Auth";

    private const int MinKeyBytes = 32;

    /// <summary>Key of an integrator's tokens, in base64, at least 32 bytes; empty switches such tokens off.</summary>
    public string IntegratorKey { get; init; } = "";

    /// <summary>Days after its last use that a session ends.</summary>
    public int SessionDays { get; init; } = 90;

    /// <summary>One sentence for each setting that can't be used; never its value.</summary>
    public IEnumerable<string> Validate()
    {
        if (IntegratorKey.Length > 0
            && (!Convert.TryFromBase64String(IntegratorKey, new byte[IntegratorKey.Length], out var length) || length < MinKeyBytes))
        {
            yield return "Auth:IntegratorKey must be base64 of at least 32 bytes.";
        }

        if (SessionDays < 1)
        {
            yield return "Auth:SessionDays must be at least 1.";
        }
    }
}
