namespace ChatAkka.Replay.Judging;

/// <summary>What an event of a timeline says.</summary>
internal enum EventKind
{
    Message,
    Edited,
    Deleted,
    Reacted,
    Unreacted,
    MemberAdded,
    MemberRemoved,

    /// <summary>Something else about the channel.</summary>
    About,
}
