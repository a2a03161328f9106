using System.Diagnostics.CodeAnalysis;

namespace ChatAkka.Domain.Identity;

/// <summary>A user: a <see cref="Snowflake"/> in decimal, as it stands on the wire.</summary>
public readonly record struct UserId(string Value) : IComparable<UserId>
{
    /// <summary>Reads an id from the wire; false unless <paramref name="text"/> is a canonical decimal 64-bit id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id)
    {
        id = Snowflake.IsCanonical(text) ? new UserId(text!) : default;
        return id.Value is not null;
    }

    /// <summary>Numeric order: canonical decimals of unequal length are ordered by length.</summary>
    public int CompareTo(UserId other) =>
        Value.Length != other.Value.Length ? Value.Length.CompareTo(other.Value.Length) : string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
