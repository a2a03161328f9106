using System.Diagnostics.CodeAnalysis;

namespace Akka.DistributedData.Replication;

/// <summary>This node's copies.</summary>
/// <param name="fingerprintOf">Of values that have none of their own.</param>
internal sealed class ReplicaStore(Func<IReplicatedData, ulong> fingerprintOf)
{
    // A dictionary from which nothing is removed, as deleted keys stay: it is enumerated in the order of its insertions.
    private readonly Dictionary<string, Entry> _entries = [];

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<KeyValuePair<string, DataEnvelope>> All =>
        _entries.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Envelope));

    /// <summary>The same number on two nodes means that they have the same.</summary>
    public ulong Fingerprint
    {
        get
        {
            var sum = 0UL;
            foreach (var (key, entry) in _entries)
                sum += Fingerprints.Mix(Fingerprints.Of(key) ^ (FingerprintOf(entry) + Fingerprints.Mix(entry.Envelope.PruningFingerprint)));
            return sum;
        }
    }

    public bool TryGet(string key, [MaybeNullWhen(false)] out DataEnvelope envelope)
    {
        envelope = _entries.GetValueOrDefault(key)?.Envelope;
        return envelope is not null;
    }

    public DataEnvelope? Find(string key) => _entries.GetValueOrDefault(key)?.Envelope;

    /// <summary>Of the value; 0 if there is none.</summary>
    public ulong FingerprintOf(string key) => _entries.TryGetValue(key, out var entry) ? FingerprintOf(entry) : 0;

    /// <summary>Of any value; never 0, which stands for none.</summary>
    public ulong FingerprintOf(IReplicatedData data) =>
        Math.Max(1, data is IFingerprinted own ? own.Fingerprint : fingerprintOf(data));

    /// <returns>Whether the value is another than before.</returns>
    public bool Set(string key, DataEnvelope envelope)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries.Add(key, new Entry { Envelope = envelope });
            return true;
        }

        if (ReferenceEquals(entry.Envelope.Data, envelope.Data))
        {
            entry.Envelope = envelope;
            return false;
        }

        var before = FingerprintOf(entry);
        entry.Envelope = envelope;
        entry.Fingerprint = null;
        return FingerprintOf(entry) != before;
    }

    private ulong FingerprintOf(Entry entry) => entry.Fingerprint ??= FingerprintOf(entry.Envelope.Data);

    private sealed class Entry
    {
        public required DataEnvelope Envelope { get; set; }

        /// <summary>Null until it is asked for.</summary>
        public ulong? Fingerprint { get; set; }
    }
}
