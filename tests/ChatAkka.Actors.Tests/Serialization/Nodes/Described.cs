using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>All that a message says, comparable: types, and values however deep; of sets and dictionaries in one order.</summary>
internal static class Described
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        UserId or DeviceId or ChannelId => $"{value.GetType().Name} {value}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        ImmutableArray<UserId> { IsDefault: true } => "default",
        IReadOnlyDictionary<ChannelId, long> or IReadOnlySet<ChannelId> =>
            $"{{{string.Join(", ", Each(value).Order(StringComparer.Ordinal))}}}",
        IEnumerable => $"[{string.Join(", ", Each(value))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", Properties(value))})",
    };

    private static IEnumerable<string> Each(object values) => ((IEnumerable)values).Cast<object>().Select(Of);

    private static IEnumerable<string> Properties(object value) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.Name != nameof(Broadcast.Frame))
        .Select(property => $"{property.Name}={Of(property.GetValue(value))}");
}
