using System.Text;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>A small data directory in the form of the real one, in a temporary place.</summary>
internal sealed class MadeUpChat : IDisposable
{
    private static readonly string[] Words = ["안녕하세요", "apt-get", "커널", "👩‍💻", "\"quoted\"", "back\\slash", "tab\there", "ünïcödé", "plain", "  spaces  ", "<html>", "ok"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("chatakka-made-up-");

    /// <param name="speakers">People in the IRC log.</param>
    /// <param name="lines">Lines of speech in it.</param>
    /// <param name="pairs">Questions with answers.</param>
    public MadeUpChat(int speakers, int lines, int pairs)
    {
        var random = new Random(7);
        var irc = new StringBuilder("=== nobody [n=x@y] has joined #made-up\n");
        for (var i = 0; i < lines; i++)
        {
            irc.Append($"[{i / 60 % 24:00}:{i % 60:00}] <nick_{(i < speakers ? i : random.Next(speakers))}> {Text(random)}\n");
            irc.Append(i % 10 == 0 ? "[00:00]  * nick_0 waves\n" : "");
        }

        Write("ubuntu-irc", "2001-01-01.made-up.raw.txt", irc.ToString());
        var csv = new StringBuilder("Q,A,label\n");
        for (var i = 0; i < pairs; i++)
        {
            csv.Append($"질문 {i}?,\"답, \"\"{Text(random).Replace("\"", "", StringComparison.Ordinal)}\"\"\",0\n");
        }

        Write("korean-chat", "ChatbotData.csv", csv.ToString());
    }

    public string Path => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Text(Random random) =>
        string.Join(' ', Enumerable.Range(0, 1 + random.Next(12)).Select(_ => Words[random.Next(Words.Length)]));

    private void Write(string directory, string file, string text) =>
        File.WriteAllText(System.IO.Path.Combine(_directory.CreateSubdirectory(directory).FullName, file), text, new UTF8Encoding(false));
}
