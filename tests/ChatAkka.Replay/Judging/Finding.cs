namespace ChatAkka.Replay.Judging;

/// <summary>The ways to break the promise; the columns of the table.</summary>
internal enum FindingKind
{
    /// <summary>Something acknowledged (or shown to others) isn't where it must be.</summary>
    Lost,

    /// <summary>Something is there twice.</summary>
    Duplicated,

    /// <summary>Something came, or was stored, before what precedes it.</summary>
    OutOfOrder,

    /// <summary>Something isn't what was sent, or was never sent at all.</summary>
    Corrupted,

    /// <summary>A history shows a message otherwise than its edits, deletion and reactions made it.</summary>
    Misfolded,

    /// <summary>A device was told that a member has got less far than it had been told before.</summary>
    ReceiptBack,

    /// <summary>A cursor or a count of what is unread isn't what was said.</summary>
    UnreadWrong,

    /// <summary>Something was seen by somebody who wasn't a member.</summary>
    Leaked,
}

/// <summary>One broken promise, precisely enough to look for it in a trace.</summary>
/// <param name="Where">A device, "timeline" or the history that a member read.</param>
internal sealed record Finding(FindingKind Kind, string Channel, long Id, string Where, string Detail)
{
    public override string ToString() => $"{Kind}: channel {Channel}, id {Id}, {Where}: {Detail}";
}
