using ChatAkka.Client.Events;

namespace ChatAkka.Replay.Judging;

/// <summary>
/// An event as a device saw it. Devices that saw the same thing share one object (<see cref="TimelinePool"/>), so that a
/// million deliveries cost a million references and "the same everywhere" is one comparison.
/// </summary>
/// <param name="N">Messages up to and including this event.</param>
/// <param name="At">When it happened by the server's clock, in ms since the Unix epoch.</param>
/// <param name="Text">The text of a message or an edit, the emoji of a reaction, the role of a member; otherwise whatever it says.</param>
/// <param name="Target">The message that it is about, or 0.</param>
/// <param name="User">The member that it is about, or nobody.</param>
internal sealed record TimelineEvent(long Id, long N, long At, string From, EventKind Kind, string Text, long Target = 0, string User = "")
{
    private const int Shown = 60;

    /// <summary>No replay gets near it: an id above it is a broken frame, not a reason to allocate gigabytes.</summary>
    private const long HighestId = 1_000_000;

    public bool IsMessage => Kind == EventKind.Message;

    /// <summary>It changes what a message says or bears.</summary>
    public bool IsAnnotation => Kind is EventKind.Edited or EventKind.Deleted or EventKind.Reacted or EventKind.Unreacted;

    /// <summary>An event as the client showed it, without what only its reader is told.</summary>
    public static TimelineEvent Of(ChannelEvent e)
    {
        var (kind, text, target, user) = e switch
        {
            MessageReceived m => (EventKind.Message, m.Text, m.ReplyTo, ""),
            MessageEdited x => (EventKind.Edited, x.Text, x.Target, ""),
            MessageDeleted x => (EventKind.Deleted, "", x.Target, ""),
            ReactionAdded x => (EventKind.Reacted, x.Emoji, x.Target, ""),
            ReactionRemoved x => (EventKind.Unreacted, x.Emoji, x.Target, ""),
            MemberAdded x => (EventKind.MemberAdded, x.Role, 0, x.User),
            MemberRemoved x => (EventKind.MemberRemoved, x.Role, 0, x.User),
            RoleChanged x => (EventKind.About, x.Role, 0, x.User),
            ChannelTitled x => (EventKind.About, x.Title, 0, ""),
            UnknownChannelEvent x => (EventKind.About, x.Type, 0, ""),
            _ => (EventKind.About, e.GetType().Name, 0L, ""),
        };
        return new TimelineEvent(e.Id, e.N, e.At.ToUnixTimeMilliseconds(), e.From, kind, text, target, user);
    }

    /// <exception cref="FormatException">No event has such an id.</exception>
    public static void RequireId(long id)
    {
        if (id is < 1 or > HighestId)
        {
            throw new FormatException($"event id {id} is out of any range");
        }
    }

    public override string ToString() =>
        $"{Kind} {Id} (n {N}) of user {From}{About()} '{Shorten(Text)}'";

    /// <summary>Text as it is shown in a finding.</summary>
    public static string Shorten(string text) => text.Length <= Shown ? text : string.Concat(text.AsSpan(0, Shown - 3), "…");

    private string About() => Target > 0 ? $" on {Target}" : User.Length > 0 ? $" about {User}" : "";
}
