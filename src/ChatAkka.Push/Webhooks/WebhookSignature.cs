using System.Security.Cryptography;
using System.Text;

namespace ChatAkka.Push.Webhooks;

/// <summary>Proves to the receiver who posts, what, and when: an HMAC-SHA256 of time stamp and body under the shared secret.</summary>
internal sealed class WebhookSignature(byte[] key)
{
    /// <summary>The header's value: the version of this scheme and the signature of <c>TIMESTAMP.BODY</c> in lower-case hex.</summary>
    /// <param name="timestamp">Seconds since the Unix epoch, in decimal, as the header says them.</param>
    public string Of(string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        return $"v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
