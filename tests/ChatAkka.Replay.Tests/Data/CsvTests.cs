using ChatAkka.Replay.Data;

namespace ChatAkka.Replay.Tests.Data;

public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b,0\n", "a|b|0")]
    [InlineData("a,b", "a|b")]
    [InlineData("a,\"b, c\",0\r\n", "a|b, c|0")]
    [InlineData("\"say \"\"hi\"\"\",,\n", "say \"hi\"||")]
    [InlineData("\"two\nlines\",x\n", "two\nlines|x")]
    [InlineData("5\" disk,x\n", "5\" disk|x")]
    [InlineData("\uFEFF가,나\n", "가|나")]
    public void Row_is_split_into_fields(string csv, string fields) => string.Join('|', Csv.Parse(csv).Single()).ShouldBe(fields);

    [Fact]
    public void Rows_end_at_line_breaks() => Csv.Parse("a\nb\r\n\"c\"").Select(r => r[0]).ShouldBe(["a", "b", "c"]);

    [Fact]
    public void Quote_that_is_never_closed_is_an_error() => Should.Throw<FormatException>(() => Csv.Parse("a,\"b\n").ToList());
}
