using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>
/// Finds out, from what another node says that it has, what this one needs of it and what the other one needs of this one. Whoever needs
/// something asks for it: nothing is sent that is on its way from somebody else already.
/// </summary>
/// <remarks>
/// While values change all the time, two nodes hardly ever have the same. That doesn't mean that whole values have to go back and forth: the
/// changes are on their way. The versions tell. A node only asks for the whole value if it still lacks changes that it has learned of a while
/// ago; if it has nothing yet of what another node has changed, which was before the two knew each other, for all that can be told, and will
/// not come; or if two nodes have the same changes and yet other values.
/// </remarks>
/// <param name="store">This node's copies.</param>
/// <param name="lagPatience">How long changes may take to come, in ticks.</param>
/// <param name="pullPatience">How long what was asked for may take to come, in ticks.</param>
/// <param name="maxKeys">In one message.</param>
internal sealed class Comparison(ReplicaStore store, long lagPatience, long pullPatience, int maxKeys)
{
    // At so many chunks a round, all keys are compared within a number of rounds.
    private const int MaxChunksPerRound = 10;

    private readonly Dictionary<string, (VersionVector Missing, long Since)> _lagging = [];
    private readonly Dictionary<string, (UniqueAddress From, long Until)> _pulling = [];
    private int _nextChunk;

    /// <summary>What is asked for and has not come.</summary>
    public int Pulling => _pulling.Count;

    public int Lagging => _lagging.Count;

    /// <summary>All keys, or the next ones if there are too many.</summary>
    public IEnumerable<Digests> AllDigests(UniqueAddress self)
    {
        var chunks = Math.Max(1, (store.Count + maxKeys - 1) / maxKeys);
        var first = chunks <= MaxChunksPerRound ? 0 : _nextChunk;
        _nextChunk = (first + MaxChunksPerRound) % chunks;
        for (var i = 0; i < Math.Min(chunks, MaxChunksPerRound); i++)
        {
            var chunk = (first + i) % chunks;
            yield return new Digests(self, [.. store.Keys.Where(key => IsIn(key, chunk, chunks)).Select(DigestOf)], chunk, chunks);
        }
    }

    public Digests DigestsOf(UniqueAddress self, IReadOnlyList<string> keys) => new(self, [.. keys.Select(DigestOf)], 0, 0);

    /// <param name="digests">What another node has.</param>
    /// <param name="now">In ticks.</param>
    public Needs Compare(Digests digests, long now)
    {
        var needs = new Needs();
        foreach (var entry in digests.Entries)
        {
            if (needs.Values.Count + needs.Markers.Count >= maxKeys)
                break;
            Compare(entry, now, needs);
        }

        needs.Values.RemoveAll(key => _pulling.TryGetValue(key, out var pull) && pull.Until > now);
        foreach (var key in needs.Values)
            _pulling[key] = (digests.From, now + pullPatience);
        if (digests.Chunks > 0)
        {
            var told = digests.Entries.Select(static entry => entry.Key).ToHashSet();
            needs.Theirs.AddRange(store.Keys.Where(key => IsIn(key, digests.Chunk, digests.Chunks) && !told.Contains(key)));
        }

        if (needs.Theirs.Count > maxKeys)
            needs.Theirs.RemoveRange(maxKeys, needs.Theirs.Count - maxKeys);
        return needs;
    }

    /// <summary>A whole value has come.</summary>
    public void Received(string key)
    {
        _pulling.Remove(key);
        _lagging.Remove(key);
    }

    /// <summary>Of keys that a node had too much to send at once, those that are still wanted of it.</summary>
    public List<string> PullOn(UniqueAddress from, IEnumerable<string> keys, long now)
    {
        var wanted = keys.Where(key => _pulling.TryGetValue(key, out var pull) && pull.From.Equals(from)).ToList();
        foreach (var key in wanted)
            _pulling[key] = (from, now + pullPatience);
        return wanted;
    }

    /// <summary>Forgets what was asked for in vain; it will be missed again.</summary>
    public void Expire(long now)
    {
        foreach (var key in _pulling.Where(pull => pull.Value.Until <= now).Select(static pull => pull.Key).ToArray())
            _pulling.Remove(key);
        foreach (var (key, lag) in _lagging.ToArray())
        {
            if (store.TryGet(key, out var mine) && mine.DeltaVersions.Covers(lag.Missing))
                _lagging.Remove(key);
        }
    }

    private static bool IsIn(string key, int chunk, int chunks) => chunks == 1 || Fingerprints.Of(key) % (ulong)chunks == (ulong)chunk;

    private Digest DigestOf(string key)
    {
        var envelope = store.Find(key);
        return envelope is null
            ? new(key, 0, 0, VersionVector.Empty)
            : new(key, store.FingerprintOf(key), envelope.PruningFingerprint, envelope.DeltaVersions);
    }

    private void Compare(in Digest theirs, long now, Needs needs)
    {
        var key = theirs.Key;
        var mine = store.Find(key);
        if (theirs.Data == 0)
        {
            if (mine is not null)
                needs.AddTheirs(key);
        }
        else if (mine is null)
        {
            needs.Values.Add(key);
        }
        else if (theirs.Data == DeletedData.Instance.Fingerprint)
        {
            if (!mine.IsDeleted)
                needs.Values.Add(key);
        }
        else if (mine.IsDeleted)
        {
            needs.AddTheirs(key);
        }
        else
        {
            if (theirs.Data == store.FingerprintOf(key))
                _lagging.Remove(key);
            else
                CompareVersions(theirs, mine, now, needs);
            if (theirs.Pruning == mine.PruningFingerprint)
                return;
            needs.Markers.Add(key);
            needs.AddTheirs(key);
        }
    }

    /// <summary>Of values that are not the same.</summary>
    private void CompareVersions(in Digest theirs, DataEnvelope mine, long now, Needs needs)
    {
        var key = theirs.Key;
        if (!theirs.Versions.HasAllNodesOf(mine.DeltaVersions))
            needs.AddTheirs(key);
        if (mine.DeltaVersions.Covers(theirs.Versions))
        {
            _lagging.Remove(key);
            // The same changes, and not the same value: not all that is done to values are changes that are counted.
            if (!theirs.Versions.Covers(mine.DeltaVersions))
                return;
            needs.Values.Add(key);
            needs.AddTheirs(key);
        }
        else if (!mine.DeltaVersions.HasAllNodesOf(theirs.Versions))
        {
            needs.Values.Add(key);
        }
        else if (!_lagging.TryGetValue(key, out var lag) || mine.DeltaVersions.Covers(lag.Missing))
        {
            _lagging[key] = (theirs.Versions, now);
        }
        else if (now - lag.Since >= lagPatience)
        {
            needs.Values.Add(key);
        }
    }

    /// <summary>What two nodes need of each other.</summary>
    internal sealed class Needs
    {
        /// <summary>Of which this node needs the value.</summary>
        public List<string> Values { get; } = [];

        /// <summary>Of which this node needs to know how far pruning has got.</summary>
        public List<string> Markers { get; } = [];

        /// <summary>Of which the other one may need something.</summary>
        public List<string> Theirs { get; } = [];

        public bool HasOwn => Values.Count > 0 || Markers.Count > 0;

        /// <summary>Adds the key that is compared now to <see cref="Theirs"/>; once, for however many reasons.</summary>
        public void AddTheirs(string key)
        {
            if (Theirs.Count == 0 || Theirs[^1] != key)
                Theirs.Add(key);
        }
    }
}
