using System.Text;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Gateway.Timelines;

/// <summary>How many bytes an event takes on the wire, at most: what is sent together is kept below the size of a frame.</summary>
internal static class WireSize
{
    // The members around a text, with names; users come extra.
    private const int Members = 768;
    private const int User = 24;

    // A reaction's own members, with an emoji of 32 code points.
    private const int Reaction = 160;

    public static int Of(ChannelEvent e) => e switch
    {
        MessagePosted message => Of(message.Text, message),
        MessageEdited edited => Members + Of(edited.Text),
        _ => Members,
    };

    public static int Of(FoldedMessage message)
    {
        var bytes = Of(message.Text, message.Posted);
        foreach (var reaction in message.Reactions)
        {
            bytes += Reaction + reaction.Users.Length * User;
        }

        return bytes;
    }

    private static int Of(string text, MessagePosted message) =>
        Members + Of(text) + (message.Mentions.IsDefault ? 0 : message.Mentions.Length * User);

    private static int Of(string text) => Encoding.UTF8.GetByteCount(text) + Escapes(text);

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
