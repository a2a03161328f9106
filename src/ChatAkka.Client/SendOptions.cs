namespace ChatAkka.Client;

/// <summary>What a message may have besides its text.</summary>
public sealed record SendOptions
{
    /// <summary>
    /// What the device calls the message: 1 to 64 characters, never used by this device for another message. A send that is repeated with
    /// it, even after a restart of the program, is stored once. Null for a new random one.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>Id of a message of the channel that this one answers, or 0.</summary>
    public long ReplyTo { get; init; }

    /// <summary>Ids of the users that it mentions, at most 100; null for none.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    internal static string NewClientId() => Guid.NewGuid().ToString("N");
}

/// <summary>A message that is stored: no crash of the service can lose it any more.</summary>
/// <param name="Channel">The channel's id.</param>
/// <param name="Id">The message's id.</param>
/// <param name="N">Messages of the channel up to this one.</param>
/// <param name="At">When it was stored, by the server's clock.</param>
/// <param name="Duplicate">An earlier attempt had stored it already.</param>
public sealed record SentMessage(string Channel, long Id, long N, DateTimeOffset At, bool Duplicate);
