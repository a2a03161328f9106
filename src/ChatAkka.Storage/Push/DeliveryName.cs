using System.Globalization;

namespace ChatAkka.Storage.Push;

/// <summary>What <see cref="Domain.Push.PendingPush.DeliveryId"/> is made of.</summary>
internal static class DeliveryName
{
    /// <param name="origin">The store's identity.</param>
    /// <param name="id">The push's row.</param>
    public static string Of(string origin, long id) => string.Create(CultureInfo.InvariantCulture, $"{origin}-{id}");
}
