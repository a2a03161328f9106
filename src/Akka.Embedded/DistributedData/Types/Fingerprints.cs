using Akka.Cluster;

namespace Akka.DistributedData;

/// <summary>
/// Hashes of 64 bits that are the same in every process. Those of many things are added up, so that the sum changes with one of them
/// and does not depend on their order.
/// </summary>
internal static class Fingerprints
{
    /// <summary>Spreads a number over all bits.</summary>
    public static ulong Mix(ulong x)
    {
        x ^= x >> 30;
        x *= 0xBF58476D1CE4E5B9;
        x ^= x >> 27;
        x *= 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public static ulong Of(UniqueAddress node)
    {
        var address = node.Address;
        return Mix(((ulong)(uint)node.Uid << 32) ^ (uint)(address.Port ?? 0) ^ Of(address.Host) ^ (Of(address.System) << 1));
    }

    /// <summary>One node with its number: a dot, a count, a version.</summary>
    public static ulong Of(UniqueAddress node, ulong number) => Mix(Of(node) ^ Mix(number + 0x9E3779B97F4A7C15));

    public static ulong Of(string? text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in text.AsSpan())
            hash = (hash ^ c) * 0x100000001B3;
        return Mix(hash);
    }

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325 ^ (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = Mix(hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            hash = (hash ^ b) * 0x100000001B3;
        return Mix(hash);
    }
}
