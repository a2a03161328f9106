using System.Globalization;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Storage.Accounts;

/// <summary>Ids are text on the wire and 64-bit integers in tables.</summary>
internal static class StoredId
{
    public static long Of(UserId user) => Parse(user.Value);

    public static long Of(DeviceId device) => Parse(device.Value);

    public static UserId User(long id) => new(id.ToString(CultureInfo.InvariantCulture));

    public static DeviceId Device(long id) => new(id.ToString(CultureInfo.InvariantCulture));

    private static long Parse(string text) =>
        Snowflake.IsCanonical(text)
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : throw new ArgumentException($"'{text}' is not an id.", nameof(text));
}
