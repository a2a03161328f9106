namespace ChatAkka.Replay.Judging;

/// <summary>The broken promises of one channel, each reported once for each place where it shows.</summary>
internal sealed class Findings(string channel)
{
    private readonly Dictionary<(FindingKind, long, string), Finding> _findings = [];

    public IReadOnlyCollection<Finding> All => _findings.Values;

    /// <inheritdoc cref="Finding(FindingKind, string, long, string, string)"/>
    public void Report(FindingKind kind, long id, string where, string detail) =>
        _findings.TryAdd((kind, id, where), new Finding(kind, channel, id, where, detail));
}
