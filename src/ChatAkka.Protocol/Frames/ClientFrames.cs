namespace ChatAkka.Protocol.Frames;

/// <summary>One frame from a client. Ids are still as the client wrote them, except message ids, which are numbers.</summary>
/// <param name="Ref">The client's name for the request, echoed in the reply; null if it gave none.</param>
public abstract record ClientFrame(string? Ref);

/// <summary>Opens the session.</summary>
/// <param name="Token">Empty if there was none.</param>
/// <param name="Cursors">Channel → highest id that the device has; null leaves the server's cursors alone.</param>
public sealed record HelloFrame(string? Ref, string Token, IReadOnlyDictionary<string, long>? Cursors) : ClientFrame(Ref);

/// <summary>Says that the client is there.</summary>
public sealed record HeartbeatFrame(string? Ref) : ClientFrame(Ref)
{
    /// <summary>The one without a <c>ref</c>: it wants no answer, and there is only one, so that reading it costs no memory.</summary>
    public static readonly HeartbeatFrame Silent = new((string?)null);
}

/// <summary>Posts a text to <paramref name="Channel"/>, or to the direct channel with the user <paramref name="To"/>; exactly one is
/// given.</summary>
/// <param name="ReplyTo">A message's id, or 0.</param>
/// <param name="Mentions">User ids; null for none.</param>
public sealed record SendFrame(string? Ref, string? Channel, string? To, string ClientId, string Text, long ReplyTo, string[]? Mentions)
    : ClientFrame(Ref);

/// <summary>The device has everything of <paramref name="Channel"/> up to <paramref name="Id"/>.</summary>
public sealed record DeliveredFrame(string? Ref, string Channel, long Id) : ClientFrame(Ref);

/// <summary>The user has read <paramref name="Channel"/> up to <paramref name="Id"/>.</summary>
public sealed record ReadFrame(string? Ref, string Channel, long Id) : ClientFrame(Ref);

/// <summary>Replaces the text of the message <paramref name="Id"/>.</summary>
/// <param name="Seen">The newest event of the channel that the device had when it asked first; 0 if it doesn't say.</param>
public sealed record EditFrame(string? Ref, string Channel, long Id, string Text, long Seen = 0) : ClientFrame(Ref);

/// <summary>Deletes the message <paramref name="Id"/>.</summary>
public sealed record DeleteFrame(string? Ref, string Channel, long Id) : ClientFrame(Ref);

/// <summary>Reacts to the message <paramref name="Id"/>, or takes the reaction back.</summary>
/// <param name="Removes">It is an <c>unreact</c>.</param>
/// <param name="Seen">The newest event of the channel that the device had when it asked first; 0 if it doesn't say.</param>
public sealed record ReactFrame(string? Ref, string Channel, long Id, string Emoji, bool Removes, long Seen = 0) : ClientFrame(Ref);

/// <summary>The user is writing.</summary>
public sealed record TypingFrame(string? Ref, string Channel) : ClientFrame(Ref);

/// <summary>Names the users whose presence the device shows, in place of those that it named before.</summary>
public sealed record WatchFrame(string? Ref, string[] Users) : ClientFrame(Ref);

/// <summary>Asks for a page of messages.</summary>
public sealed record HistoryFrame(string? Ref, string Channel, HistoryRange Range) : ClientFrame(Ref);

/// <summary>A frame that can't be served; the client is told <paramref name="Code"/> and the socket stays.</summary>
/// <param name="Detail">For people.</param>
public sealed record RefusedFrame(string? Ref, ErrorCode Code, string Detail) : ClientFrame(Ref);

/// <summary>Not a frame of this protocol at all; the socket is closed with <see cref="CloseCode.BadFrame"/>.</summary>
public sealed record BadFrame() : ClientFrame((string?)null)
{
    /// <summary>The only one.</summary>
    public static readonly BadFrame Instance = new();
}
