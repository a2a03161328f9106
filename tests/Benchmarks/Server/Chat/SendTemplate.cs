using System.Security.Cryptography;
using System.Text;
using Benchmarks.Server.Load;

namespace Benchmarks.Server.Chat;

/// <summary>A <c>send</c> of one session as it goes out, header and all: only the digits of its number differ from message to
/// message.</summary>
internal sealed class SendTemplate
{
    private readonly byte[] _frame;
    private readonly int _reference;
    private readonly int _clientId;
    private readonly int _text;

    /// <param name="target"><c>"to":"…"</c> or <c>"channel":"…"</c>.</param>
    /// <param name="sender">The session's number, which every text names.</param>
    public SendTemplate(string target, int sender)
    {
        var number = new string('0', Digits);

        // The device has sent in earlier runs: a client id of its own per session makes these sends new ones.
        var head = $"{{\"op\":\"send\",{target},\"ref\":\"";
        var middle = $"\",\"client_id\":\"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}-";
        _reference = head.Length;
        _clientId = _reference + Digits + middle.Length;
        _text = _clientId + Digits + "\",\"text\":\"".Length;
        var payload = Encoding.ASCII.GetBytes($"{head}{number}{middle}{number}\",\"text\":\"{new string('x', MessageBody.Length)}\"}}");
        MessageBody.Write(payload.AsSpan(_text), sender, 0);

        var frame = new byte[WebSocketFrame.MaxHeader + payload.Length];
        payload.CopyTo(frame, WebSocketFrame.MaxHeader);
        var length = WebSocketFrame.Complete(frame, payload.Length, WebSocketFrame.Text);
        var header = length - payload.Length;
        _frame = frame[..length];
        _reference += header;
        _clientId += header;
        _text += header;
    }

    /// <summary>Digits of a <c>ref</c> and of what follows the hyphen of a <c>client_id</c>.</summary>
    private static int Digits => MessageBody.Number.End.Value - MessageBody.Number.Start.Value;

    public int Length => _frame.Length;

    public void Write(Span<byte> output, long number)
    {
        _frame.CopyTo(output);
        var digits = output.Slice(_reference, Digits);
        MessageBody.WriteDigits(digits, number);
        digits.CopyTo(output[_clientId..]);
        digits.CopyTo(output[(_text + MessageBody.Number.Start.Value)..]);
    }
}
