namespace ChatAkka.Replay.Judging;

/// <summary>
/// What a user does with a message that stands: edits or deletes it, reacts or takes a reaction back. Repeated until it is answered. The
/// judge reads it when everything is over.
/// </summary>
/// <param name="device">The device that does it.</param>
/// <param name="user">The user id of that device.</param>
/// <param name="target">Id of the message.</param>
/// <param name="text">The new text, or the emoji.</param>
internal sealed class Deed(string device, string user, EventKind kind, long target, string text)
{
    public string User => user;

    public EventKind Kind => kind;

    public long Target => target;

    public string Text => text;

    /// <summary>The id of the event that made it so, as the server answered; 0 while it hasn't.</summary>
    public long Id { get; set; }

    /// <summary>The event is what this wants.</summary>
    public bool IsDoneBy(TimelineEvent e) => e.Kind == kind && e.From == user && e.Target == target && e.Text == text;

    public override string ToString() => $"{kind} of {target} by {device} '{TimelineEvent.Shorten(text)}'";
}
