using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// An event that says something about an earlier message. Of all annotations of a message that have the same <see cref="Slot"/>, only the
/// newest counts; stores keep an index of those, so that folding a page reads what counts and nothing else.
/// </summary>
/// <param name="Target">Id of the message.</param>
public abstract record Annotation(long Id, long N, long At, UserId From, long Target) : ChannelEvent(Id, N, At, From)
{
    /// <summary>What it settles, unique within its message. Part of what is stored: the same for ever.</summary>
    public abstract string Slot { get; }

    /// <summary>The slot of what the message says: its newest edit, or its deletion.</summary>
    protected const string TextSlot = "t";

    /// <summary>The slot of one user's reaction with one emoji: whether it stands.</summary>
    protected static string ReactionSlot(UserId user, string emoji) => $"r{user.Value}:{emoji}";
}

/// <summary>The message says something else now.</summary>
public sealed record MessageEdited(long Id, long N, long At, UserId From, long Target, string Text) : Annotation(Id, N, At, From, Target)
{
    /// <inheritdoc/>
    public override string Slot => TextSlot;

    /// <inheritdoc/>
    public override int TextLength => Text.Length;
}

/// <summary>The message says nothing any more; no other annotation follows.</summary>
public sealed record MessageDeleted(long Id, long N, long At, UserId From, long Target) : Annotation(Id, N, At, From, Target)
{
    /// <inheritdoc/>
    public override string Slot => TextSlot;
}

/// <summary>A user reacted to the message.</summary>
public sealed record ReactionAdded(long Id, long N, long At, UserId From, long Target, string Emoji) : Annotation(Id, N, At, From, Target)
{
    /// <inheritdoc/>
    public override string Slot => ReactionSlot(From, Emoji);
}

/// <summary>A user took a reaction back.</summary>
public sealed record ReactionRemoved(long Id, long N, long At, UserId From, long Target, string Emoji) : Annotation(Id, N, At, From, Target)
{
    /// <inheritdoc/>
    public override string Slot => ReactionSlot(From, Emoji);
}
