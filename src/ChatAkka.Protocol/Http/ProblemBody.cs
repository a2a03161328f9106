namespace ChatAkka.Protocol.Http;

/// <summary>An error over HTTP (RFC 9457).</summary>
/// <param name="Code">The stable name of an <see cref="ErrorCode"/>.</param>
/// <param name="RetryMs">When to try again, if that makes sense.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string? Detail, string Code, long? RetryMs)
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";
}

/// <summary>Answer of the health checks.</summary>
/// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
public sealed record HealthBody(string Status, string? Reason);
