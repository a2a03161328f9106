using System.Diagnostics.CodeAnalysis;

namespace ChatAkka.Domain.Identity;

/// <summary>
/// A channel. A group's id is a <see cref="Snowflake"/> in decimal; a direct channel's is derived from its two users,
/// the smaller first (<c>12-345</c>), so that both of them name the same channel without asking anyone.
/// </summary>
public readonly record struct ChannelId(string Value)
{
    /// <summary>The direct channel of two different users.</summary>
    /// <exception cref="ArgumentException">Both are the same user.</exception>
    public static ChannelId Direct(UserId a, UserId b) => a.CompareTo(b) switch
    {
        0 => throw new ArgumentException("a direct channel has two different users", nameof(b)),
        < 0 => new ChannelId($"{a.Value}-{b.Value}"),
        _ => new ChannelId($"{b.Value}-{a.Value}"),
    };

    /// <summary>True for a channel of exactly two users that is named after them.</summary>
    public bool IsDirect => Value.Contains('-');

    /// <summary>The two users of a direct channel, the smaller first.</summary>
    /// <exception cref="InvalidOperationException">The channel is a group.</exception>
    public (UserId Smaller, UserId Larger) Users
    {
        get
        {
            var dash = Value.IndexOf('-');
            return dash < 0
                ? throw new InvalidOperationException("a group is not named after its users")
                : (new UserId(Value[..dash]), new UserId(Value[(dash + 1)..]));
        }
    }

    /// <summary>Reads an id from the wire; false unless it is canonical (a direct id with its smaller user first).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChannelId id)
    {
        id = default;
        if (text is null)
        {
            return false;
        }

        var dash = text.IndexOf('-');
        var canonical = dash < 0
            ? Snowflake.IsCanonical(text)
            : UserId.TryParse(text[..dash], out var smaller) && UserId.TryParse(text[(dash + 1)..], out var larger)
                && smaller.CompareTo(larger) < 0;
        id = canonical ? new ChannelId(text) : default;
        return canonical;
    }

    public override string ToString() => Value;
}
