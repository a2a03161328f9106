using System.Collections.Concurrent;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.DistributedData.Replication;

namespace Akka.DistributedData.Wire;

/// <summary>
/// Short names of types, for the wire: a letter for each that is known, in parentheses what it is made of, and the full name of any other.
/// <c>W(s,o"Chat.Node, Chat")</c> is a dictionary from text to a type of the application's. Never change a letter.
/// </summary>
internal static class DataTypeNames
{
    private const int MaxRemembered = 10_000;

    private static readonly (char Letter, Type Type)[] Letters =
    [
        ('s', typeof(string)), ('i', typeof(int)), ('l', typeof(long)), ('b', typeof(bool)), ('d', typeof(double)), ('B', typeof(byte[])),
        ('r', typeof(IActorRef)), ('F', typeof(Flag)), ('C', typeof(GCounter)), ('P', typeof(PNCounter)), ('V', typeof(VersionVector)),
        ('D', typeof(DeletedData)), ('S', typeof(ORSet<>)), ('M', typeof(ORDictionary<,>)), ('W', typeof(LWWDictionary<,>)),
        ('G', typeof(GSet<>)), ('L', typeof(LWWRegister<>)), ('t', typeof(ORSet<>.DeltaOperation)), ('n', typeof(ORDictionary<,>.DeltaOperation)),
        ('w', typeof(LWWDictionary<,>.DeltaOperation)),
    ];

    private static readonly ConcurrentDictionary<Type, string> Names = new();
    private static readonly ConcurrentDictionary<string, Type> Types = new();

    public static string Of(Type type)
    {
        if (Names.TryGetValue(type, out var name))
            return name;
        var builder = new StringBuilder();
        Write(type, builder);
        name = builder.ToString();
        Names.TryAdd(type, name);
        return name;
    }

    /// <exception cref="SerializationException">There is no such type.</exception>
    public static Type Parse(string name)
    {
        if (Types.TryGetValue(name, out var type))
            return type;
        var position = 0;
        type = Read(name, ref position);
        if (position != name.Length)
            throw Malformed(name);
        // They come from other nodes: what a strange one sends must not fill the memory.
        if (Types.Count < MaxRemembered)
            Types.TryAdd(name, type);
        return type;
    }

    private static void Write(Type type, StringBuilder name)
    {
        var shape = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var letter = Array.Find(Letters, known => known.Type == shape || (known.Type == typeof(IActorRef) && type.IsAssignableTo(known.Type)))
            .Letter;
        if (letter == default)
        {
            name.Append("o\"").Append(type.FullName).Append(", ").Append(type.Assembly.GetName().Name).Append('"');
            return;
        }

        name.Append(letter);
        if (!type.IsGenericType)
            return;
        var separator = '(';
        foreach (var argument in type.GetGenericArguments())
        {
            name.Append(separator);
            Write(argument, name);
            separator = ',';
        }

        name.Append(')');
    }

    private static Type Read(string name, ref int position)
    {
        if (position >= name.Length)
            throw Malformed(name);
        var letter = name[position++];
        if (letter == 'o')
            return ReadOther(name, ref position);
        var shape = Array.Find(Letters, known => known.Letter == letter).Type ?? throw Malformed(name);
        if (!shape.IsGenericTypeDefinition)
            return shape;
        var arguments = new Type[shape.GetGenericArguments().Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            Expect(name, ref position, i == 0 ? '(' : ',');
            arguments[i] = Read(name, ref position);
        }

        Expect(name, ref position, ')');
        return shape.MakeGenericType(arguments);
    }

    private static Type ReadOther(string name, ref int position)
    {
        Expect(name, ref position, '"');
        var end = name.IndexOf('"', position);
        if (end < 0)
            throw Malformed(name);
        var other = name[position..end];
        position = end + 1;
        return Type.GetType(other) ?? throw new SerializationException($"There is no type [{other}] on this node");
    }

    private static void Expect(string name, ref int position, char expected)
    {
        if (position >= name.Length || name[position++] != expected)
            throw Malformed(name);
    }

    private static SerializationException Malformed(string name) => new($"[{name}] is not the name of a type");
}
