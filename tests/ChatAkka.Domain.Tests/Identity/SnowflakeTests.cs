using System.Globalization;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using FsCheck.Fluent;

namespace ChatAkka.Domain.Tests.Identity;

public sealed class SnowflakeTests
{
    private const long Start = Snowflake.EpochMs + 1_000_000;

    [Theory]
    [InlineData("1", true)]
    [InlineData("1234567890", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("9999999999999999999", false)]
    [InlineData("10000000000000000000", false)]
    [InlineData("0", false)]
    [InlineData("01", false)]
    [InlineData("-1", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1 ", false)]
    [InlineData("1a", false)]
    [InlineData("١", false)]
    [InlineData("1١", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsCanonical_takes_one_writing_of_a_positive_long(string? text, bool canonical) =>
        Snowflake.IsCanonical(text).ShouldBe(canonical);

    [Fact]
    public void IsCanonical_agrees_with_parsing() => Check.ForAll(
        from digits in Gen.Choose(1, 20)
        from text in Gen.Choose('0', '9').Select(c => (char)c).ArrayOf(digits)
        select new string(text),
        text =>
        {
            var isLong = long.TryParse(text, CultureInfo.InvariantCulture, out var number);
            Snowflake.IsCanonical(text).ShouldBe(isLong && number > 0 && number.ToString(CultureInfo.InvariantCulture) == text);
        },
        tests: 1_000);

    [Fact]
    public void Next_holds_time_node_and_sequence()
    {
        var generator = new SnowflakeGenerator(1_023, new SteppingTime(Start));

        var first = generator.Next();
        var second = generator.Next();

        (Snowflake.TimeOf(first), Snowflake.NodeOf(first), first & 4_095).ShouldBe((Start, 1_023, 0));
        (Snowflake.TimeOf(second), Snowflake.NodeOf(second), second & 4_095).ShouldBe((Start, 1_023, 1));
    }

    [Fact]
    public void Next_makes_no_id_of_a_time_beyond_the_lease()
    {
        var generator = new SnowflakeGenerator(1, new SteppingTime(Start)) { ValidUntil = Start + 1 };
        for (var i = 0; i < 4_096; i++)
        {
            Snowflake.TimeOf(generator.Next()).ShouldBe(Start);
        }

        Should.Throw<StorageUnavailableException>(() => generator.Next(), "the millisecond is used up, and the next isn't leased");
        generator.ValidUntil = Start + 60_000;
        Snowflake.TimeOf(generator.Next()).ShouldBe(Start + 1);
    }

    [Fact]
    public void Next_goes_on_when_the_clock_steps_back()
    {
        var time = new SteppingTime(Start);
        var generator = new SnowflakeGenerator(1, time);
        var before = generator.Next();

        time.Now = Start - 60_000;

        generator.Next().ShouldBe(before + 1);
    }

    [Fact]
    public void Next_spills_into_the_next_millisecond_when_one_is_full()
    {
        var time = new SteppingTime(Start);
        var generator = new SnowflakeGenerator(1, time);
        var ids = Enumerable.Range(0, 4_097).Select(_ => generator.Next()).ToArray();

        Snowflake.TimeOf(ids[4_095]).ShouldBe(Start);
        Snowflake.TimeOf(ids[4_096]).ShouldBe(Start + 1);
        (ids[4_096] & 4_095).ShouldBe(0);

        time.Now = Start + 1;
        Snowflake.TimeOf(generator.Next()).ShouldBe(Start + 1);
    }

    [Fact]
    public void Next_ascends_whatever_the_clock_does() => Check.ForAllSequences(
        Gen.Choose(-5, 3),
        5_000,
        steps =>
        {
            var time = new SteppingTime(Start);
            var generator = new SnowflakeGenerator(7, time);
            var last = 0L;
            foreach (var step in steps)
            {
                time.Now += step;
                var id = generator.Next();
                id.ShouldBeGreaterThan(last);
                Snowflake.NodeOf(id).ShouldBe(7);
                last = id;
            }
        });

    [Fact]
    public void Next_before_the_epoch_is_positive_and_after_the_last_millisecond_throws()
    {
        new SnowflakeGenerator(0, new SteppingTime(0)).Next().ShouldBeGreaterThan(0);
        Should.Throw<InvalidOperationException>(() => new SnowflakeGenerator(0, new SteppingTime(Snowflake.EpochMs + (1L << 41))).Next());
    }

    [Fact]
    public void Next_called_by_several_threads_gives_each_id_once()
    {
        const int Each = 50_000;
        var generator = new SnowflakeGenerator(3, new SteppingTime(Start));
        var ids = new long[4][];

        Parallel.For(0, ids.Length, t => ids[t] = [.. Enumerable.Range(0, Each).Select(_ => generator.Next())]);

        ids.SelectMany(i => i).Distinct().Count().ShouldBe(ids.Length * Each);
        foreach (var own in ids)
        {
            own.ShouldBe(own.Order());
        }
    }

    [Fact]
    public void Ids_of_all_kinds_can_be_parsed()
    {
        var generator = new SnowflakeGenerator(3, TimeProvider.System);

        UserId.TryParse(generator.NextUser().Value, out _).ShouldBeTrue();
        DeviceId.TryParse(generator.NextDevice().Value, out _).ShouldBeTrue();
        ChannelId.TryParse(generator.NextGroup().Value, out var group).ShouldBeTrue();
        group.IsDirect.ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_024)]
    public void Node_out_of_range_throws(int node) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new SnowflakeGenerator(node, TimeProvider.System));

    private sealed class SteppingTime(long now) : TimeProvider
    {
        public long Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
    }
}
