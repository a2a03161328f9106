using System.Text;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Gateway.Timelines;

/// <summary>How many bytes an event takes on the wire, at most: what is sent together is kept below the size of a frame.</summary>
internal static class WireSize
{
    // The members around a text, with names; mentions come extra.
    private const int Members = 768;
    private const int Mention = 24;

    public static int Of(ChannelEvent e) => e is MessagePosted message
        ? Members + Encoding.UTF8.GetByteCount(message.Text) + Escapes(message.Text) + (message.Mentions.IsDefault ? 0 : message.Mentions.Length * Mention)
        : Members;

    // Escaping adds at most five bytes to each of these.
    private static int Escapes(string text)
    {
        var count = 0;
        foreach (var c in text)
        {
            count += c is < ' ' or '"' or '\\' ? 5 : 0;
        }

        return count;
    }
}
