namespace ChatAkka.Replay.Judging;

/// <summary>The four ways to break the promise; the columns of the table.</summary>
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
}

/// <summary>One broken promise, precisely enough to look for it in a trace.</summary>
/// <param name="Where">A device, "timeline" or "history".</param>
internal sealed record Finding(FindingKind Kind, string Channel, long Id, string Where, string Detail)
{
    public override string ToString() => $"{Kind}: channel {Channel}, id {Id}, {Where}: {Detail}";
}
