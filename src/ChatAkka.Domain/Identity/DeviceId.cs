using System.Diagnostics.CodeAnalysis;

namespace ChatAkka.Domain.Identity;

/// <summary>One device of one user (a log-in): a <see cref="Snowflake"/> in decimal.</summary>
public readonly record struct DeviceId(string Value)
{
    /// <summary>Reads an id from the wire; false unless <paramref name="text"/> is a canonical decimal 64-bit id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id)
    {
        id = Snowflake.IsCanonical(text) ? new DeviceId(text!) : default;
        return id.Value is not null;
    }

    public override string ToString() => Value;
}
