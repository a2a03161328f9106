using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using ChatAkka.Actors.Serialization.Nodes;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>
/// Messages of any type, made by reflection so that no field is forgotten: with something in each field, another at each place; with as
/// little as there can be; or with anything. A type of field that isn't known here fails the test, so that a new field is thought of.
/// </summary>
internal sealed class MadeUpMessages
{
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly Random? _random;
    private readonly bool _full;
    private long _next = 7_298_340_912_345_088;

    private MadeUpMessages(bool full, Random? random = null) => (_full, _random) = (full, random);

    /// <summary>The types of all messages that leave their node.</summary>
    public static IEnumerable<Type> Types => NodeMessages.All.Select(codec => codec.Type);

    /// <summary>A message with something in each field; always the same.</summary>
    public static object Full(Type type) => new MadeUpMessages(full: true).Create(type);

    /// <summary>A message with as little as there can be.</summary>
    public static object Least(Type type) => new MadeUpMessages(full: false).Create(type);

    /// <summary>Any message.</summary>
    public static object Any(Type type, Random random) => new MadeUpMessages(full: false, random).Create(type);

    private bool Flip => _random is null ? _full : _random.Next(2) == 0;

    private object Create(Type type)
    {
        if (type.GetField("Instance", BindingFlags.Public | BindingFlags.Static) is { } only)
        {
            return only.GetValue(null)!;
        }

        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).ShouldHaveSingleItem();
        return constructor.Invoke([.. constructor.GetParameters().Select(Value)]);
    }

    private object? Value(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(ImmutableArray<ChannelEvent>) && parameter.Member.DeclaringType == typeof(Delivery))
        {
            return Events(atLeast: 1);
        }

        var isNullable = Nullable.GetUnderlyingType(type) is not null
            || (!type.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.Nullable);
        return isNullable && !Flip ? null : Value(Nullable.GetUnderlyingType(type) ?? type);
    }

    private object Value(Type type) => type switch
    {
        _ when type == typeof(long) => Number(),
        _ when type == typeof(ulong) => unchecked((ulong)Number()),
        _ when type == typeof(int) => (int)(Number() & 0xFFFF),
        _ when type == typeof(bool) => Flip,
        _ when type == typeof(string) => Text(),
        _ when type == typeof(UserId) => new UserId(Id()),
        _ when type == typeof(DeviceId) => new DeviceId(Id()),
        _ when type == typeof(ChannelId) => Channel(),
        _ when type.IsEnum => Enum.GetValues(type).Cast<object>().ElementAt(_random?.Next(2) ?? (_full ? 1 : 0)),
        _ when type == typeof(ImmutableArray<ChannelEvent>) => Events(atLeast: 0),
        _ when type == typeof(ImmutableArray<UserId>) => Many<UserId>().ToImmutableArray(),
        _ when type == typeof(ImmutableArray<ChannelId>) => Many<ChannelId>().ToImmutableArray(),
        _ when type == typeof(ImmutableArray<Member>) => Many<Member>().ToImmutableArray(),
        _ when type == typeof(ImmutableArray<ReceiptChange>) => Many<ReceiptChange>().ToImmutableArray(),
        _ when type == typeof(ImmutableArray<StoredCursor>) => Many<StoredCursor>().ToImmutableArray(),
        _ when type == typeof(IReadOnlySet<ChannelId>) => Many<ChannelId>().ToHashSet(),
        // None is as good as null, and comes back as null.
        _ when type == typeof(IReadOnlyDictionary<ChannelId, long>) =>
            Many<ChannelId>().DefaultIfEmpty(new ChannelId("1")).Distinct().ToDictionary(channel => channel, _ => Number()),
        _ when type.Namespace!.StartsWith("ChatAkka.", StringComparison.Ordinal) => Create(type),
        _ => throw new ShouldAssertException($"no value is known for a field of the type {type}"),
    };

    private ImmutableArray<ChannelEvent> Events(int atLeast)
    {
        var types = MadeUpEvents.Types.Where(type => type.IsSubclassOf(typeof(ChannelEvent))).OrderBy(type => type.Name, StringComparer.Ordinal).ToArray();
        if (_random is not null)
        {
            types = _random.GetItems(types, _random.Next(atLeast, 4));
        }
        else if (!_full)
        {
            types = types[..atLeast];
        }

        return [.. types.Select(type => (ChannelEvent)Create(type))];
    }

    private IEnumerable<T> Many<T>() =>
        Enumerable.Range(0, _random?.Next(4) ?? (_full ? 3 : 0)).Select(_ => (T)Value(typeof(T))).ToArray();

    private string Text() => _random switch
    {
        null => _full ? $"한글 🏔️ \u0001 {Number()}" : "",
        _ => string.Concat(Enumerable.Repeat(_random.GetItems(["a", "é", "한", "🏔️", "\0"], 1)[0], _random.Next(_random.Next(60)))),
    };

    private ChannelId Channel()
    {
        var (a, b) = (new UserId(Id()), new UserId(Id()));
        return Flip && a != b ? ChannelId.Direct(a, b) : new ChannelId(a.Value);
    }

    private long Number() => _random switch
    {
        null => _full ? _next++ : 0,
        _ => _random.Next(4) == 0 ? _random.NextInt64(long.MinValue, long.MaxValue) : _random.NextInt64(300),
    };

    private string Id() => (_random switch
    {
        null => _full ? _next++ : 1,
        _ => _random.Next(4) == 0 ? long.MaxValue : _random.NextInt64(1, 1L << _random.Next(1, 63)),
    }).ToString(CultureInfo.InvariantCulture);
}
