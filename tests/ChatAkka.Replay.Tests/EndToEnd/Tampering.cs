using System.Text;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>What is done to one event frame on its way to one client.</summary>
internal enum Tamper
{
    Nothing,
    Drop,
    Double,
    Swap,
    Corrupt,
}

/// <summary>Picks one event frame of a message, the <paramref name="victim"/>th that passes, and harms it. Everything else passes
/// untouched.</summary>
internal sealed class Tampering(Tamper tamper, int victim)
{
    private readonly Lock _lock = new();
    private int _passed;
    private object? _connection; // the one whose next event goes before the frame held back
    private byte[]? _heldBack;

    /// <summary>Whether it has happened.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The frames to send instead of this one, which starts with its header.</summary>
    public IEnumerable<byte[]> Pass(object connection, byte[] frame)
    {
        if (frame.AsSpan().IndexOf("\"op\":\"event\""u8) < 0 || frame.AsSpan().IndexOf("\"type\":\"message\""u8) < 0)
        {
            return [frame];
        }

        lock (_lock)
        {
            if (_heldBack is { } held && _connection == connection)
            {
                _heldBack = null;
                IsDone = true;
                return [frame, held];
            }

            return ++_passed == victim ? Harm(connection, frame) : [frame];
        }
    }

    private byte[][] Harm(object connection, byte[] frame)
    {
        IsDone = tamper != Tamper.Swap;
        switch (tamper)
        {
            case Tamper.Drop:
                return [];
            case Tamper.Double:
                return [frame, frame];
            case Tamper.Swap:
                (_heldBack, _connection) = (frame, connection);
                return [];
            case Tamper.Corrupt:
                ChangeText(frame);
                return [frame];
            default:
                return [frame];
        }
    }

    /// <summary>Changes one character of the text into its neighbour; the frame stays valid JSON and UTF-8.</summary>
    private static void ChangeText(Span<byte> frame)
    {
        var at = frame.IndexOf("\"text\":\""u8) + "\"text\":\"".Length;
        while (!IsLetter(frame[at]) && !(IsContinuation(frame[at]) && frame[at] < 0xbf && !IsContinuation(frame[at + 1])))
        {
            at += frame[at] == '\\' ? 2 : 1;
        }

        frame[at]++;

        static bool IsLetter(byte b) => b is >= (byte)'a' and < (byte)'z';

        static bool IsContinuation(byte b) => (b & 0xc0) == 0x80;
    }
}
