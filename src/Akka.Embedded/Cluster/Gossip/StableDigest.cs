namespace Akka.Cluster;

/// <summary>A digest, FNV-1a of 64 bits, that is the same in every process: it is sent to other nodes, and orders them.</summary>
internal struct StableDigest
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong _state;

    public StableDigest() => _state = Basis;

    public readonly ulong Value
    {
        get
        {
            // The last bytes that were added have moved few of the high bits yet.
            var value = _state;
            value ^= value >> 33;
            value *= 0xff51afd7ed558ccd;
            value ^= value >> 33;
            return value;
        }
    }

    public static ulong Of(UniqueAddress node)
    {
        var digest = new StableDigest();
        digest.Add(node);
        return digest.Value;
    }

    public void Add(UniqueAddress node)
    {
        Add(node.Address.Host ?? "");
        Add((ulong)(node.Address.Port ?? 0));
        Add((uint)node.Uid);
    }

    public void Add(string text)
    {
        foreach (var c in text)
            _state = (_state ^ c) * Prime;
        _state = (_state ^ 0xffff) * Prime;
    }

    public void Add(ulong number)
    {
        for (var shift = 0; shift < 64; shift += 8)
            _state = (_state ^ ((number >> shift) & 0xff)) * Prime;
    }
}
