using System.Text;

namespace ChatAkka.Replay.Judging;

/// <summary>
/// An event as a device saw it. Devices that saw the same thing share one object (<see cref="TimelinePool"/>), so that a
/// million deliveries cost a million references and "the same everywhere" is one comparison.
/// </summary>
/// <param name="N">Messages up to and including this event.</param>
/// <param name="Text">UTF-8; empty unless <paramref name="Type"/> is <see cref="Message"/>.</param>
internal sealed record TimelineEvent(long Id, long N, string From, string Type, ReadOnlyMemory<byte> Text)
{
    /// <summary>The type of a message; every other type is about the channel itself.</summary>
    public const string Message = "message";

    /// <summary>No replay gets near it: an id above it is a broken frame, not a reason to allocate gigabytes.</summary>
    private const long HighestId = 1_000_000;

    public bool IsMessage => Type == Message;

    public bool Equals(TimelineEvent? other) => ReferenceEquals(this, other) ||
        (other is not null && Id == other.Id && N == other.N && From == other.From && Type == other.Type && Text.Span.SequenceEqual(other.Text.Span));

    public override int GetHashCode() => HashCode.Combine(Id, N, From, Type, Text.Length);

    /// <exception cref="FormatException">No event has such an id.</exception>
    public static void RequireId(long id)
    {
        if (id is < 1 or > HighestId)
        {
            throw new FormatException($"event id {id} is out of any range");
        }
    }

    public override string ToString() => $"{Type} {Id} (n {N}) of user {From} '{Shorten(Text.Span)}'";

    /// <summary>Text as it is shown in a finding.</summary>
    public static string Shorten(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        return text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "…");
    }
}
