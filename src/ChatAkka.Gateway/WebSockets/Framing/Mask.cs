using System.Numerics;
using System.Runtime.InteropServices;

namespace ChatAkka.Gateway.WebSockets.Framing;

/// <summary>The client-to-server masking of RFC 6455, section 5.3; applying it twice changes nothing.</summary>
internal static class Mask
{
    /// <param name="data">Changed in place; its first byte is the frame's first payload byte.</param>
    /// <param name="key">The four bytes of the header, as they lie in memory.</param>
    public static void Apply(Span<byte> data, uint key)
    {
        var at = 0;
        if (Vector.IsHardwareAccelerated && data.Length >= Vector<byte>.Count)
        {
            var keys = Vector.AsVectorByte(new Vector<uint>(key));
            for (; at <= data.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            {
                var lane = data[at..];
                (new Vector<byte>(lane) ^ keys).CopyTo(lane);
            }
        }

        // A vector is a multiple of four bytes, so the key is aligned again.
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        for (var i = 0; at < data.Length; i++, at++)
        {
            data[at] ^= bytes[i & 3];
        }
    }
}
