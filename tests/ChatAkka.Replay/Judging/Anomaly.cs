namespace ChatAkka.Replay.Judging;

/// <summary>What a device can notice by itself, at the moment it happens.</summary>
internal enum AnomalyKind
{
    /// <summary>An id came although the one before it hadn't.</summary>
    Gap,

    /// <summary>An id came that this connection had already been sent, or had said it has.</summary>
    Duplicate,

    /// <summary>An id came after a higher one.</summary>
    OutOfOrder,

    /// <summary>A second sight of an id differs from the first.</summary>
    Changed,
}

/// <summary>A broken promise, as the device's log noted it.</summary>
/// <param name="Connection">The device's connections are counted from 1.</param>
internal sealed record Anomaly(AnomalyKind Kind, long Id, int Connection, string Detail);
