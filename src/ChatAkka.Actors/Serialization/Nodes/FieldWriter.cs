using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>
/// Writes a Protobuf message field by field, in the order of the calls: called in the order of the numbers it makes the bytes that the
/// generated classes make, without an object for each message and each message within it. As in proto3, what is 0, empty or false isn't
/// written.
/// </summary>
/// <remarks>One a thread, started anew for every message. Numbers of fields are 1 to 15, whose tags are one byte.</remarks>
internal sealed class FieldWriter
{
    private const int KeptAtMost = 64 * 1024;

    [ThreadStatic]
    private static FieldWriter? _ofThread;

    private byte[] _buffer = new byte[1024];
    private int _length;

    private FieldWriter()
    {
    }

    /// <summary>The thread's writer, empty. It isn't to be started while it is in use.</summary>
    public static FieldWriter Start()
    {
        var writer = _ofThread ??= new FieldWriter();
        if (writer._buffer.Length > KeptAtMost)
        {
            writer._buffer = new byte[1024]; // a single great message must not be paid for by the thread for ever
        }

        writer._length = 0;
        return writer;
    }

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <summary>An <c>int64</c>, or an <c>int32</c> or enum that has the value.</summary>
    public FieldWriter Int(int field, long value)
    {
        if (value != 0)
        {
            Reserve(11);
            Tag(field, WireType.Varint);
            Varint((ulong)value);
        }

        return this;
    }

    public FieldWriter Bool(int field, bool value) => Int(field, value ? 1 : 0);

    public FieldWriter User(int field, UserId user) => Fixed(field, IdNumbers.Of(user.Value));

    public FieldWriter Device(int field, DeviceId device) => Fixed(field, IdNumbers.Of(device.Value));

    public FieldWriter Channel(int field, ChannelId channel)
    {
        Reserve(2);
        Tag(field, WireType.Bytes);
        var start = ++_length;
        Id(channel);
        _buffer[start - 1] = (byte)(_length - start);
        return this;
    }

    /// <summary>The fields of a message <c>ChannelId</c>.</summary>
    public FieldWriter Id(ChannelId channel)
    {
        ReadOnlySpan<char> id = channel.Value;
        var dash = id.IndexOf('-');
        return dash < 0
            ? Fixed(1, IdNumbers.Of(id))
            : Fixed(1, IdNumbers.Of(id[..dash])).Fixed(2, IdNumbers.Of(id[(dash + 1)..]));
    }

    public FieldWriter Text(int field, string value)
    {
        if (value.Length == 0)
        {
            return this;
        }

        // Room for the length of the most bytes that its UTF-16 units may take; moved up if it takes fewer.
        var most = value.Length * 3;
        var room = VarintSize(most);
        Reserve(1 + room + most);
        Tag(field, WireType.Bytes);
        var bytes = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length + room));
        var size = VarintSize(bytes);
        if (size < room)
        {
            _buffer.AsSpan(_length + room, bytes).CopyTo(_buffer.AsSpan(_length + size));
        }

        Varint((ulong)bytes);
        _length += bytes;
        return this;
    }

    /// <summary>A packed <c>repeated fixed64</c>.</summary>
    public FieldWriter Users(int field, ImmutableArray<UserId> users)
    {
        if (users.IsDefaultOrEmpty)
        {
            return this;
        }

        Reserve(6 + (8 * users.Length));
        Tag(field, WireType.Bytes);
        Varint(8 * (ulong)users.Length);
        foreach (var user in users)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_length), IdNumbers.Of(user.Value));
            _length += 8;
        }

        return this;
    }

    /// <summary>A message within this one; absent if null.</summary>
    public FieldWriter Message<T>(int field, T? value, Action<T, FieldWriter> write)
    {
        if (value is not null)
        {
            var start = Open(field);
            write(value, this);
            Close(start);
        }

        return this;
    }

    public FieldWriter Many<T>(int field, IEnumerable<T> values, Action<T, FieldWriter> write)
    {
        foreach (var value in values)
        {
            Message(field, value, write);
        }

        return this;
    }

    /// <inheritdoc cref="Many{T}(int, IEnumerable{T}, Action{T, FieldWriter})"/>
    public FieldWriter Many<T>(int field, ImmutableArray<T> values, Action<T, FieldWriter> write)
    {
        foreach (var value in values)
        {
            Message(field, value, write);
        }

        return this;
    }

    /// <summary>A message within this one that goes to many: it is written once, and the bytes are kept with it.</summary>
    public FieldWriter Shared<T>(int field, T value, Action<T, FieldWriter> write)
        where T : Users.Broadcast
    {
        if (value.Encoded is { } known)
        {
            Reserve(6 + known.Length);
            Tag(field, WireType.Bytes);
            Varint((ulong)known.Length);
            known.CopyTo(_buffer, _length);
            _length += known.Length;
            return this;
        }

        var start = Open(field);
        write(value, this);
        value.Encoded = _buffer.AsSpan(start, _length - start).ToArray();
        Close(start);
        return this;
    }

    private FieldWriter Fixed(int field, ulong value)
    {
        Reserve(9);
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
        return this;
    }

    // Leaves one byte for the length, which is enough for most.
    private int Open(int field)
    {
        Reserve(2);
        Tag(field, WireType.Bytes);
        return ++_length;
    }

    private void Close(int start)
    {
        var size = _length - start;
        var more = VarintSize(size) - 1;
        if (more > 0)
        {
            Reserve(more);
            _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + more));
        }

        _length = start - 1;
        Varint((ulong)size);
        _length += size;
    }

    private void Tag(int field, WireType type) => _buffer[_length++] = (byte)((field << 3) | (int)type);

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    private static int VarintSize(int value) => 1 + (value >= 1 << 7 ? 1 : 0) + (value >= 1 << 14 ? 1 : 0)
        + (value >= 1 << 21 ? 1 : 0) + (value >= 1 << 28 ? 1 : 0);

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, checked(_length + bytes)));
        }
    }
}
