namespace ChatAkka.Replay.Judging;

/// <summary>What a device can notice by itself, at the moment it happens.</summary>
internal enum AnomalyKind
{
    /// <summary>An id came although the one before it hadn't.</summary>
    Gap,

    /// <summary>An id came that the device had already been sent, or had said it has.</summary>
    Duplicate,

    /// <summary>An id came after a higher one.</summary>
    OutOfOrder,

    /// <summary>A second sight of an id differs from the first.</summary>
    Changed,

    /// <summary>An id came after the device had been told that its user isn't a member any more.</summary>
    Leak,
}

/// <summary>A broken promise, as the device's log noted it.</summary>
/// <param name="Life">The runs of the device's program are counted from 1.</param>
internal sealed record Anomaly(AnomalyKind Kind, long Id, int Life, string Detail);
