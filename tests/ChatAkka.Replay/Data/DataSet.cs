using System.Text;

namespace ChatAkka.Replay.Data;

/// <summary>A question and its answer.</summary>
internal sealed record QuestionAnswer(string Question, string Answer);

/// <summary>
/// The real input: a directory with <c>ubuntu-irc/*.raw.txt</c> (logged IRC) and <c>korean-chat/ChatbotData.csv</c>
/// (<c>Q,A,label</c>). Whatever is missing is named.
/// </summary>
internal sealed class DataSet(string directory)
{
    private const string HowToGive = "give the directory that has ubuntu-irc/ and korean-chat/ as the first argument";

    private string IrcDirectory => Path.Combine(directory, "ubuntu-irc");

    private string KoreanFile => Path.Combine(directory, "korean-chat", "ChatbotData.csv");

    /// <summary>
    /// The logs with most lines by their <paramref name="speakers"/> most talkative speakers, at most <paramref name="files"/> of
    /// them (0: all), reduced to those speakers.
    /// </summary>
    /// <exception cref="MissingDataException">There is none.</exception>
    public IReadOnlyList<IrcLog> IrcLogs(int files, int speakers)
    {
        Require(Directory.Exists(directory), $"no data directory '{Path.GetFullPath(directory)}'");
        Require(Directory.Exists(IrcDirectory), $"no directory '{Path.GetFullPath(IrcDirectory)}'");
        var logs = Directory.EnumerateFiles(IrcDirectory, "*.raw.txt").Order(StringComparer.Ordinal)
            .Select(path => IrcLog.Read(path).MostTalkative(speakers))
            .Where(log => log.Lines.Count > 0)
            .OrderByDescending(log => log.Lines.Count)
            .Take(files == 0 ? int.MaxValue : files)
            .ToArray();
        Require(logs.Length > 0, $"no line of speech in '{Path.GetFullPath(IrcDirectory)}/*.raw.txt'");
        return logs;
    }

    /// <summary>All question–answer pairs in file order, the header and pairs with an empty side left out.</summary>
    /// <exception cref="MissingDataException">There is none.</exception>
    public IReadOnlyList<QuestionAnswer> KoreanPairs()
    {
        Require(Directory.Exists(directory), $"no data directory '{Path.GetFullPath(directory)}'");
        Require(File.Exists(KoreanFile), $"no file '{Path.GetFullPath(KoreanFile)}'");
        var pairs = Csv.Parse(File.ReadAllText(KoreanFile, Encoding.UTF8)).Skip(1)
            .Where(row => row.Count >= 2 && row[0].Length > 0 && row[1].Length > 0)
            .Select(row => new QuestionAnswer(row[0], row[1]))
            .ToArray();
        Require(pairs.Length > 0, $"no question with an answer in '{Path.GetFullPath(KoreanFile)}'");
        return pairs;
    }

    private static void Require(bool condition, string missing)
    {
        if (!condition)
        {
            throw new MissingDataException($"{missing}: {HowToGive}");
        }
    }
}
