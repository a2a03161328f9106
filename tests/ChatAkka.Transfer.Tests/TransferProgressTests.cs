namespace ChatAkka.Transfer.Tests;

/// <summary>What the operator sees.</summary>
public sealed class TransferProgressTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Clock _clock = new();

    [Fact]
    public void Line_is_written_at_most_once_a_second_and_says_how_much_of_all_is_done()
    {
        var progress = new TransferProgress(_output, isQuiet: false, _clock);
        progress.Begin("exported", 40_000);

        for (var i = 0; i < 30_000; i++)
        {
            _clock.Milliseconds = i / 10;
            progress.Advance();
        }

        progress.End("2 accounts, 1 channels");
        var lines = Lines();
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("10,240 of 40,000 events exported (25 %), 10,0");
        lines[^1].ShouldStartWith("2 accounts, 1 channels; 30,000 events exported in 3.0 s (10,00");
    }

    [Fact]
    public void Quiet_one_writes_the_last_line_alone()
    {
        var progress = new TransferProgress(_output, isQuiet: true, _clock);
        progress.Begin("imported", 0);
        for (var i = 0; i < 10_000; i++)
        {
            _clock.Milliseconds += 10;
            progress.Advance();
        }

        progress.End("0 accounts, 0 channels");

        Lines().ShouldHaveSingleItem().ShouldBe("0 accounts, 0 channels; 10,000 events imported in 100.0 s (100 events/s).");
    }

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Milliseconds;
    }
}
