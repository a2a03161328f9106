using System.Text;

namespace ChatAkka.Replay.Data;

/// <summary>One line of speech.</summary>
internal sealed record IrcLine(string Nick, string Text);

/// <summary>The speech of one stretch of an IRC channel; joins, parts, actions and notices are left out.</summary>
internal sealed record IrcLog(string Name, IReadOnlyList<IrcLine> Lines)
{
    private const string Extension = ".raw.txt";

    /// <summary>Reads a log of lines <c>[hh:mm] &lt;nick&gt; text</c>.</summary>
    public static IrcLog Read(string path)
    {
        var name = Path.GetFileName(path);
        name = name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length] : Path.GetFileNameWithoutExtension(name);
        return new IrcLog(name, [.. File.ReadAllText(path, Encoding.UTF8).Split('\n').Select(l => Parse(l.TrimEnd('\r'))).OfType<IrcLine>()]);
    }

    /// <summary>Null unless the line is speech that a messenger would carry: an empty text and one with a NUL are not.</summary>
    public static IrcLine? Parse(string line)
    {
        // "[hh:mm] <nick> text": a nick may contain anything but '>'.
        if (line.Length < 11 || line[0] != '[' || line[3] != ':' || line[6] != ']' || line[7] != ' ' || line[8] != '<')
        {
            return null;
        }

        var end = line.IndexOf('>', 9);
        if (end <= 9 || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2]) || !char.IsAsciiDigit(line[4]) || !char.IsAsciiDigit(line[5]))
        {
            return null;
        }

        var text = line[(end + 1)..];
        text = text.StartsWith(' ') ? text[1..] : text;
        return text.Length == 0 || text.Contains('\0') ? null : new IrcLine(line[9..end], text);
    }

    /// <summary>The log reduced to its <paramref name="count"/> most talkative speakers (ties: who spoke first).</summary>
    public IrcLog MostTalkative(int count)
    {
        var speakers = Lines.CountBy(l => l.Nick).OrderByDescending(s => s.Value).Take(count).Select(s => s.Key).ToHashSet();
        return this with { Lines = [.. Lines.Where(l => speakers.Contains(l.Nick))] };
    }
}
