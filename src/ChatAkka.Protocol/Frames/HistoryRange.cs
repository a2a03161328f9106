namespace ChatAkka.Protocol.Frames;

/// <summary>On which side of the anchor a page of history lies.</summary>
public enum HistorySide
{
    /// <summary>The newest messages; there is no anchor.</summary>
    Newest,

    /// <summary>The newest messages below the anchor.</summary>
    Before,

    /// <summary>The oldest messages above the anchor.</summary>
    After,

    /// <summary>Half of the page below the anchor, the rest from the anchor on.</summary>
    Around,
}

/// <summary>Which page of a channel's messages is meant.</summary>
/// <param name="Anchor">A message id; it needn't exist.</param>
/// <param name="Limit">1 to <see cref="ProtocolLimits.MaxHistoryLimit"/>.</param>
public readonly record struct HistoryRange(HistorySide Side, long Anchor, int Limit);
