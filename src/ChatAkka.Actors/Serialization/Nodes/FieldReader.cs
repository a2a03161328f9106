using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Serialization;
using System.Text;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>Makes a message of its fields.</summary>
internal delegate T ReadMessage<out T>(ref FieldReader fields);

/// <summary>
/// The fields of a Protobuf message by their numbers, 1 to 15: one pass notes where each is, nothing is copied or allocated before it is
/// asked for. What the message doesn't say, or says in another wire type than it is asked for, is 0, empty or false; numbers that nobody
/// asks for are passed over. So a message of another version is read as far as both versions know it.
/// </summary>
/// <remarks>Whatever the bytes are: no more is read than there are, and no more allocated than a small multiple of it.</remarks>
internal ref struct FieldReader
{
    private const int Numbers = 16;
    private const int ShortText = 512; // bytes

    private readonly ReadOnlySpan<byte> _message;
    private readonly uint _repeated;
    private readonly ulong _types;
    private readonly Values _values;

    /// <exception cref="SerializationException">Not a Protobuf message.</exception>
    public FieldReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        for (var at = 0; at < message.Length;)
        {
            var field = Next(message, ref at, out var type, out var value);
            if (field < Numbers)
            {
                _repeated |= Has(field) ? 1u << field : 0;
                _types = (_types & ~(0xFUL << (4 * field))) | ((ulong)(type + 1) << (4 * field));
                _values[field] = value; // the last one counts
            }
        }
    }

    /// <summary>The lowest number of a field that is there; 0 if there is none.</summary>
    public readonly int First => _types == 0 ? 0 : BitOperations.TrailingZeroCount(_types) / 4;

    public readonly bool Has(int field) => (_types >> (4 * field) & 0xF) != 0;

    public readonly long Int(int field) => Is(field, WireType.Varint) ? (long)_values[field] : 0;

    public readonly bool Bool(int field) => Int(field) != 0;

    public readonly string Text(int field)
    {
        var bytes = Bytes(field);
        return bytes.Length > ShortText || Ascii.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : ShortTextOf(bytes);
    }

    /// <exception cref="SerializationException">It isn't there, or is no id.</exception>
    public readonly UserId User(int field) => new(IdNumbers.Text(Id(field)));

    /// <inheritdoc cref="User"/>
    public readonly DeviceId Device(int field) => new(IdNumbers.Text(Id(field)));

    /// <inheritdoc cref="User"/>
    public readonly ChannelId Channel(int field) => Channel(Bytes(field));

    /// <summary>Empty if there are none.</summary>
    /// <exception cref="SerializationException">One of them is no id.</exception>
    public readonly ImmutableArray<UserId> Users(int field)
    {
        if (Is(field, WireType.Bytes) && !IsRepeated(field))
        {
            return Users(Bytes(field));
        }

        // Not as FieldWriter writes it, but as Protobuf allows it: in several pieces, or one by one.
        var users = ImmutableArray.CreateBuilder<UserId>();
        for (var at = 0; Has(field) && at < _message.Length;)
        {
            if (Next(_message, ref at, out var type, out var value) == field)
            {
                users.AddRange(type switch
                {
                    WireType.Bytes => Users(Part(value)),
                    WireType.Fixed64 => [User(value)],
                    _ => [],
                });
            }
        }

        return users.ToImmutable();
    }

    /// <summary>A message within this one. One that isn't there has no fields.</summary>
    /// <exception cref="SerializationException">It is no Protobuf message.</exception>
    public readonly FieldReader Message(int field) => new(Bytes(field));

    /// <summary>A message within this one.</summary>
    /// <exception cref="SerializationException">It is no Protobuf message.</exception>
    public readonly T Message<T>(int field, ReadMessage<T> read)
    {
        var message = Message(field);
        return read(ref message);
    }

    /// <summary>A message within this one that goes to many, and may be known already.</summary>
    /// <exception cref="SerializationException">It is no such message.</exception>
    public readonly T Shared<T>(int field, RecentBroadcasts<T> recent)
        where T : Users.Broadcast => recent.Read(Bytes(field));

    /// <summary>The messages of a repeated field; empty if there are none.</summary>
    /// <exception cref="SerializationException">One is no Protobuf message.</exception>
    public readonly ImmutableArray<T> Many<T>(int field, ReadMessage<T> read)
    {
        if (!IsRepeated(field))
        {
            return Is(field, WireType.Bytes) ? [Message(field, read)] : [];
        }

        var values = new T[Count(field)];
        var count = 0;
        for (var at = 0; count < values.Length;)
        {
            if (Next(_message, ref at, out var type, out var value) == field && type == WireType.Bytes)
            {
                var message = new FieldReader(Part(value));
                values[count++] = read(ref message);
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>The channel of a message <c>ChannelId</c>.</summary>
    /// <exception cref="SerializationException">It has no ids, or not in their order.</exception>
    public static ChannelId Channel(ref FieldReader fields)
    {
        var first = fields.Id(1);
        if (!fields.Has(2))
        {
            return new ChannelId(IdNumbers.Text(first));
        }

        var second = fields.Id(2);
        return first < second ? new ChannelId(IdNumbers.Text(first, second)) : throw Malformed();
    }

    /// <summary>Something has to be there, and isn't, or can't be what it says.</summary>
    public static SerializationException Malformed() => new("The message is malformed.");

    private static ChannelId Channel(ReadOnlySpan<byte> message)
    {
        const int id = (1 << 3) | (int)WireType.Fixed64, second = (2 << 3) | (int)WireType.Fixed64;
        if (message is [id, _, _, _, _, _, _, _, _])
        {
            return new ChannelId(IdNumbers.Text(Id(BinaryPrimitives.ReadUInt64LittleEndian(message[1..]))));
        }

        if (message.Length == 18 && message[0] == id && message[9] == second)
        {
            var (smaller, larger) = (
                Id(BinaryPrimitives.ReadUInt64LittleEndian(message[1..])), Id(BinaryPrimitives.ReadUInt64LittleEndian(message[10..])));
            return smaller < larger ? new ChannelId(IdNumbers.Text(smaller, larger)) : throw Malformed();
        }

        var fields = new FieldReader(message);
        return Channel(ref fields);
    }

    // Without counting the characters first, which takes as long as decoding them.
    private static string ShortTextOf(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[ShortText];
        return new string(text[..Encoding.UTF8.GetChars(bytes, text)]);
    }

    private static ImmutableArray<UserId> Users(ReadOnlySpan<byte> numbers)
    {
        if (numbers.Length % 8 != 0)
        {
            throw Malformed();
        }

        var users = new UserId[numbers.Length / 8];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = User(BinaryPrimitives.ReadUInt64LittleEndian(numbers[(8 * i)..]));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(users);
    }

    private static UserId User(ulong number) => new(IdNumbers.Text(Id(number)));

    private static ulong Id(ulong number) => IdNumbers.IsId(number) ? number : throw Malformed();

    // Reads a field. Of bytes the value says where they are: the offset in its upper half, the length in its lower.
    private static int Next(ReadOnlySpan<byte> message, ref int at, out WireType type, out ulong value)
    {
        var tag = Varint(message, ref at);
        type = (WireType)(tag & 7);
        value = 0;
        switch (type)
        {
            case WireType.Varint:
                value = Varint(message, ref at);
                break;
            case WireType.Fixed64 when message.Length - at >= 8:
                value = BinaryPrimitives.ReadUInt64LittleEndian(message[at..]);
                at += 8;
                break;
            case WireType.Bytes when Varint(message, ref at) is var length && length <= (ulong)(message.Length - at):
                value = ((ulong)at << 32) | length;
                at += (int)length;
                break;
            case WireType.Fixed32 when message.Length - at >= 4:
                at += 4;
                break;
            default:
                throw Malformed();
        }

        return tag is > 7 and <= uint.MaxValue ? (int)(tag >> 3) : throw Malformed();
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }

    private readonly ulong Id(int field) => Is(field, WireType.Fixed64) ? Id(_values[field]) : throw Malformed();

    private readonly ReadOnlySpan<byte> Bytes(int field) => Is(field, WireType.Bytes) ? Part(_values[field]) : [];

    private readonly ReadOnlySpan<byte> Part(ulong value) => _message.Slice((int)(value >> 32), (int)(uint)value);

    private readonly bool Is(int field, WireType type) => (_types >> (4 * field) & 0xF) == (ulong)(type + 1);

    private readonly bool IsRepeated(int field) => (_repeated >> field & 1) != 0;

    private readonly int Count(int field)
    {
        var count = 0;
        for (var at = 0; at < _message.Length;)
        {
            count += Next(_message, ref at, out var type, out _) == field && type == WireType.Bytes ? 1 : 0;
        }

        return count;
    }

    [InlineArray(Numbers)]
    private struct Values
    {
        private ulong _first;
    }
}
