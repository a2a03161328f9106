using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using ChatAkka.Protocol;

namespace ChatAkka.Gateway.WebSockets.Framing;

/// <summary>What <see cref="FrameParser.Read"/> found.</summary>
internal enum ParseStatus
{
    /// <summary>The input ends inside a frame, or a message isn't complete yet.</summary>
    NeedMore,

    /// <summary>A whole text message, valid UTF-8.</summary>
    Text,

    /// <summary>A ping with its payload.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>A valid close frame; the payload is empty or code and reason.</summary>
    Close,

    /// <summary>The client broke the rules; nothing after it may be read.</summary>
    Violation,
}

/// <summary>
/// Takes a client's byte stream apart (RFC 6455, text messages only). It does no I/O and the result doesn't depend on how the stream was
/// cut into pieces. A frame is looked at only when it is complete, its header as soon as it is there: an oversize frame is refused before
/// its payload has come. Between messages it holds no buffer.
/// </summary>
/// <remarks>
/// Unmasking happens in place, in the memory that the input points to: the caller must own it and must not show a consumed byte
/// to anyone else. A mutable struct, because every connection has one: keep it in a field, pass it by reference.
/// </remarks>
internal struct FrameParser(int maxMessageBytes)
{
    private const int MaxHeader = 14;

    private byte[]? _fragments;
    private int _fragmentBytes;
    private byte[]? _joined;

    /// <summary>Fragments of an unfinished message are being kept.</summary>
    public bool InMessage { get; private set; }

    /// <summary>Reads one frame or message from the front of <paramref name="input"/> and moves that on.</summary>
    /// <param name="payload">Valid until the next call.</param>
    /// <param name="violation">The code to close with, if that is the status.</param>
    public ParseStatus Read(ref ReadOnlySequence<byte> input, out ReadOnlySpan<byte> payload, out CloseCode violation)
    {
        ReleaseJoined();
        payload = default;
        while (TryReadHeader(input, out var header, out violation))
        {
            if (input.Length - header.Size < header.Length)
            {
                return ParseStatus.NeedMore;
            }

            payload = Unmask(input.Slice(header.Size, header.Length), header.Key);
            input = input.Slice(header.Size + header.Length);
            var status = header.Opcode switch
            {
                Opcode.Ping => ParseStatus.Ping,
                Opcode.Pong => ParseStatus.Pong,
                Opcode.Close => Close(payload, out violation),
                _ => Data(header, ref payload, out violation),
            };
            if (status != ParseStatus.NeedMore)
            {
                return status;
            }
        }

        return violation != 0 ? ParseStatus.Violation : ParseStatus.NeedMore;
    }

    /// <summary>Gives all buffers back; nothing may be read afterwards.</summary>
    public void Dispose()
    {
        ReleaseJoined();
        if (_fragments is not null)
        {
            ArrayPool<byte>.Shared.Return(_fragments);
            _fragments = null;
        }
    }

    // False if the header isn't complete, unless a violation shows already.
    private readonly bool TryReadHeader(in ReadOnlySequence<byte> input, out Header header, out CloseCode violation)
    {
        header = default;
        violation = 0;
        Span<byte> copy = stackalloc byte[MaxHeader];
        scoped var bytes = input.FirstSpan;
        if (bytes.Length < MaxHeader && !input.IsSingleSegment)
        {
            var some = input.Slice(0, Math.Min(input.Length, MaxHeader));
            some.CopyTo(copy);
            bytes = copy[..(int)some.Length];
        }

        if (bytes.Length < 2)
        {
            return false;
        }

        var final = (bytes[0] & 0x80) != 0;
        var opcode = (Opcode)(bytes[0] & 0x0F);
        violation = CheckKind((bytes[0] & 0x70) != 0, (bytes[1] & 0x80) != 0, final, opcode, bytes[1] & 0x7F);
        if (violation != 0)
        {
            return false;
        }

        var lengthBytes = (bytes[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };
        var size = 2 + lengthBytes + 4;
        if (bytes.Length < size - 4)
        {
            return false;
        }

        var length = lengthBytes switch
        {
            0 => (ulong)(bytes[1] & 0x7F),
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        };
        if (lengthBytes == 2 && length < 126 || lengthBytes == 8 && (length <= ushort.MaxValue || length > long.MaxValue))
        {
            violation = CloseCode.ProtocolError;
            return false;
        }

        var kept = opcode == Opcode.Continuation ? _fragmentBytes : 0;
        if (opcode < Opcode.Close && length > (ulong)(maxMessageBytes - kept))
        {
            violation = CloseCode.FrameTooLarge;
            return false;
        }

        if (bytes.Length < size)
        {
            return false;
        }

        header = new Header(opcode, final, size, (int)length, MemoryMarshal.Read<uint>(bytes[(size - 4)..]));
        return true;
    }

    private readonly CloseCode CheckKind(bool reserved, bool masked, bool final, Opcode opcode, int shortLength)
    {
        if (reserved || !masked)
        {
            return CloseCode.ProtocolError;
        }

        return opcode switch
        {
            Opcode.Text => InMessage ? CloseCode.ProtocolError : 0,
            Opcode.Continuation => InMessage ? 0 : CloseCode.ProtocolError,
            Opcode.Binary => InMessage ? CloseCode.ProtocolError : CloseCode.BadFrame,
            Opcode.Close or Opcode.Ping or Opcode.Pong =>
                final && shortLength <= WebSocketFrame.MaxControlPayload ? 0 : CloseCode.ProtocolError,
            _ => CloseCode.ProtocolError,
        };
    }

    private ParseStatus Data(in Header header, ref ReadOnlySpan<byte> payload, out CloseCode violation)
    {
        violation = 0;
        if (InMessage || !header.Final)
        {
            Keep(payload);
            InMessage = !header.Final;
            if (InMessage)
            {
                return ParseStatus.NeedMore;
            }

            // The whole message becomes the joined buffer, which the next call gives back.
            ReleaseJoined();
            payload = _fragments.AsSpan(0, _fragmentBytes);
            (_joined, _fragments, _fragmentBytes) = (_fragments, null, 0);
        }

        if (Utf8.IsValid(payload))
        {
            return ParseStatus.Text;
        }

        violation = CloseCode.InvalidUtf8;
        return ParseStatus.Violation;
    }

    private static ParseStatus Close(ReadOnlySpan<byte> payload, out CloseCode violation)
    {
        violation = 0;
        if (payload.Length == 1 || payload.Length >= 2 && !IsCloseCode(BinaryPrimitives.ReadUInt16BigEndian(payload)))
        {
            violation = CloseCode.ProtocolError;
        }
        else if (payload.Length > 2 && !Utf8.IsValid(payload[2..]))
        {
            violation = CloseCode.InvalidUtf8;
        }

        return violation == 0 ? ParseStatus.Close : ParseStatus.Violation;
    }

    private static bool IsCloseCode(int code) => code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;

    private ReadOnlySpan<byte> Unmask(ReadOnlySequence<byte> masked, uint key)
    {
        Span<byte> plain;
        if (masked.IsSingleSegment)
        {
            plain = MemoryMarshal.AsMemory(masked.First).Span;
        }
        else
        {
            ReleaseJoined();
            _joined = ArrayPool<byte>.Shared.Rent((int)masked.Length);
            plain = _joined.AsSpan(0, (int)masked.Length);
            masked.CopyTo(plain);
        }

        Mask.Apply(plain, key);
        return plain;
    }

    private void Keep(ReadOnlySpan<byte> fragment)
    {
        var needed = _fragmentBytes + fragment.Length;
        if (_fragments is null || _fragments.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(maxMessageBytes, _fragmentBytes * 2)));
            _fragments.AsSpan(0, _fragmentBytes).CopyTo(larger);
            if (_fragments is not null)
            {
                ArrayPool<byte>.Shared.Return(_fragments);
            }

            _fragments = larger;
        }

        fragment.CopyTo(_fragments.AsSpan(_fragmentBytes));
        _fragmentBytes = needed;
    }

    private void ReleaseJoined()
    {
        if (_joined is not null)
        {
            ArrayPool<byte>.Shared.Return(_joined);
            _joined = null;
        }
    }

    private readonly record struct Header(Opcode Opcode, bool Final, int Size, int Length, uint Key);
}
