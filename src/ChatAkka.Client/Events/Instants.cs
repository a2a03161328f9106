namespace ChatAkka.Client.Events;

/// <summary>Times as the wire has them.</summary>
internal static class Instants
{
    // Beyond these .NET has no time; what a server says out there is shown as the border.
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();

    public static DateTimeOffset Of(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, Earliest, Latest));
}
