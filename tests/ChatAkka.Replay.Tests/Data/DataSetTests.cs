using ChatAkka.Replay.Data;
using ChatAkka.Replay.Tests.EndToEnd;

namespace ChatAkka.Replay.Tests.Data;

public sealed class DataSetTests : IDisposable
{
    private readonly MadeUpChat _chat = new(speakers: 5, lines: 40, pairs: 3);

    public void Dispose() => _chat.Dispose();

    [Fact]
    public void Logs_are_reduced_to_their_speakers()
    {
        var log = new DataSet(_chat.Path).IrcLogs(0, 2).ShouldHaveSingleItem();

        log.Name.ShouldBe("2001-01-01.made-up");
        log.Lines.Select(l => l.Nick).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Pairs_are_read_without_the_header() =>
        new DataSet(_chat.Path).KoreanPairs().ShouldSatisfyAllConditions(
            p => p.Count.ShouldBe(3),
            p => p[0].Question.ShouldBe("질문 0?"),
            p => p[0].Answer.ShouldStartWith("답, \""));

    [Fact]
    public void Missing_file_is_named_with_how_to_give_it()
    {
        File.Delete(Path.Combine(_chat.Path, "korean-chat", "ChatbotData.csv"));

        var missing = Should.Throw<MissingDataException>(() => new DataSet(_chat.Path).KoreanPairs());

        missing.Message.ShouldContain("ChatbotData.csv");
        missing.Message.ShouldContain("as the first argument");
    }
}
