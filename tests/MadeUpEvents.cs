using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Tests;

/// <summary>Events of every stored type, found by reflection so that none is forgotten: with something in each field, and with as little
/// as there can be. A type of field that isn't known here fails the test, so that a new field is thought of.</summary>
internal sealed class MadeUpEvents
{
    private readonly bool _full;

    // More than 32 bits, and another at each place, so that no field is taken for its neighbour.
    private long _next;

    private MadeUpEvents(bool full) => (_full, _next) = (full, full ? 7_298_340_912_345_088 : 0);

    /// <summary>Every event that is stored.</summary>
    public static IEnumerable<Type> Types => typeof(ChannelEvent).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(ChannelEvent)) || type.IsSubclassOf(typeof(UserEvent))));

    /// <summary>Events of a type.</summary>
    public static IEnumerable<object> Of(Type type) => [new MadeUpEvents(full: true).Create(type), new MadeUpEvents(full: false).Create(type)];

    private object Create(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).ShouldHaveSingleItem();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType))]);
    }

    private object Value(Type type) => type switch
    {
        _ when type == typeof(long) => Number(),
        _ when type == typeof(bool) => _full,
        _ when type == typeof(string) => _full ? $"한글 🏔️ \u0001 {Number()}" : "",
        _ when type == typeof(UserId) => new UserId(Id()),
        _ when type == typeof(DeviceId) => new DeviceId(Id()),
        _ when type == typeof(ChannelId) => new ChannelId(_full ? $"{Id()}-{Id()}" : "1"),
        _ when type == typeof(Member) => Create(type),
        _ when type.IsEnum => Enum.GetValues(type).Cast<object>().ElementAt(_full ? ^1 : 0),
        _ when type == typeof(ImmutableArray<UserId>) => Many<UserId>(),
        _ when type == typeof(ImmutableArray<Member>) => Many<Member>(),
        _ => throw new ShouldAssertException($"no value is known for a field of the type {type}"),
    };

    private ImmutableArray<T> Many<T>() => _full ? [(T)Value(typeof(T)), (T)Value(typeof(T)), (T)Value(typeof(T))] : [];

    private long Number() => _full ? _next++ : 0;

    private string Id() => Number().ToString(CultureInfo.InvariantCulture);
}
