using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ChatAkka.Protocol.Codec;

/// <summary>
/// Writes JSON straight into one growing buffer, which is meant to be kept and used again. Everything above U+001F except the quote and
/// the backslash stands for itself, Hangul and emoji included. It checks nothing: the callers are this project's encoders.
/// </summary>
/// <remarks>
/// Bytes of <see cref="Headroom"/> stay free before the JSON, so that a transport can put its own header there without a copy.
/// Not thread-safe.
/// </remarks>
public sealed class FrameWriter
{
    /// <summary>Free bytes before the JSON: the longest header of an unmasked WebSocket frame.</summary>
    public const int Headroom = 10;

    private const int KeptBytes = 64 * 1024;
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017"
        + "\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\");

    private byte[] _buffer = new byte[1024];
    private int _end = Headroom;
    private bool _separate;

    /// <summary>The JSON written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(Headroom.._end);

    /// <summary>The headroom and the JSON after it; for the transport that fills the headroom.</summary>
    public Span<byte> WithHeadroom => _buffer.AsSpan(0, _end);

    /// <summary>Starts over; gives back a buffer that an unusually large frame has left.</summary>
    public void Clear()
    {
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[1024];
        }

        _end = Headroom;
        _separate = false;
    }

    /// <summary>Starts an object.</summary>
    public FrameWriter StartObject() => Open((byte)'{');

    /// <summary>Ends an object.</summary>
    public FrameWriter EndObject() => Close((byte)'}');

    /// <summary>Starts an array.</summary>
    public FrameWriter StartArray() => Open((byte)'[');

    /// <summary>Ends an array.</summary>
    public FrameWriter EndArray() => Close((byte)']');

    /// <summary>Writes a member's name; its value must follow.</summary>
    /// <param name="name">ASCII without anything to escape.</param>
    public FrameWriter Name(ReadOnlySpan<byte> name)
    {
        var room = Reserve(name.Length + 4);
        var at = 0;
        if (_separate)
        {
            room[at++] = (byte)',';
        }

        room[at++] = (byte)'"';
        name.CopyTo(room[at..]);
        at += name.Length;
        room[at++] = (byte)'"';
        room[at++] = (byte)':';
        _end += at;
        _separate = false;
        return this;
    }

    /// <summary>Writes a string that is ASCII and has nothing to escape.</summary>
    public FrameWriter Literal(ReadOnlySpan<byte> ascii)
    {
        Separate();
        var room = Reserve(ascii.Length + 2);
        room[0] = (byte)'"';
        ascii.CopyTo(room[1..]);
        room[ascii.Length + 1] = (byte)'"';
        _end += ascii.Length + 2;
        return this;
    }

    /// <summary>Writes a string.</summary>
    public FrameWriter String(string text)
    {
        Separate();
        Byte((byte)'"');
        var rest = text.AsSpan();
        while (true)
        {
            var next = rest.IndexOfAny(Escaped);
            Utf8(next < 0 ? rest : rest[..next]);
            if (next < 0)
            {
                break;
            }

            Escape(rest[next]);
            rest = rest[(next + 1)..];
        }

        Byte((byte)'"');
        return this;
    }

    /// <summary>Writes a number.</summary>
    public FrameWriter Number(long value)
    {
        Separate();
        Digits(value);
        return this;
    }

    /// <summary>Writes a message id: a number as a string.</summary>
    public FrameWriter Id(long value)
    {
        Separate();
        Byte((byte)'"');
        Digits(value);
        Byte((byte)'"');
        return this;
    }

    /// <summary>Writes a truth value.</summary>
    public FrameWriter Bool(bool value)
    {
        Separate();
        Raw(value ? "true"u8 : "false"u8);
        return this;
    }

    private FrameWriter Open(byte bracket)
    {
        Separate();
        Byte(bracket);
        _separate = false;
        return this;
    }

    private FrameWriter Close(byte bracket)
    {
        Byte(bracket);
        _separate = true;
        return this;
    }

    // A value that isn't the first of its array gets a comma; a member's comma was written with its name.
    private void Separate()
    {
        if (_separate)
        {
            Byte((byte)',');
        }

        _separate = true;
    }

    private void Escape(char c)
    {
        Byte((byte)'\\');
        switch (c)
        {
            case '"' or '\\':
                Byte((byte)c);
                break;
            case '\n':
                Byte((byte)'n');
                break;
            case '\r':
                Byte((byte)'r');
                break;
            case '\t':
                Byte((byte)'t');
                break;
            default:
                Raw("u00"u8);
                Byte((byte)(c < 0x10 ? '0' : '1'));
                Byte((byte)"0123456789abcdef"[c & 0xF]);
                break;
        }
    }

    private void Utf8(ReadOnlySpan<char> text)
    {
        // The exact count matters only when the rough bound doesn't fit anyway.
        var room = _buffer.Length - _end >= text.Length * 3 ? _buffer.AsSpan(_end) : Reserve(Encoding.UTF8.GetByteCount(text));
        _end += Encoding.UTF8.GetBytes(text, room);
    }

    private void Digits(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        _end += written;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _end += bytes.Length;
    }

    private void Byte(byte value)
    {
        Reserve(1)[0] = value;
        _end++;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _end < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _end + count));
        }

        return _buffer.AsSpan(_end);
    }
}
