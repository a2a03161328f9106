namespace ChatAkka.Transfer;

/// <summary>Tells the operator how far an export or import is: at most one line a second, and one at the end. Not thread-safe.</summary>
/// <param name="isQuiet">Only the last line is written.</param>
public sealed class TransferProgress(TextWriter output, bool isQuiet, TimeProvider time)
{
    // A look at the clock costs about as much as a thousandth of what happens between two.
    private const long EventsPerLook = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string _what = "";
    private long _total;
    private long _done;
    private long _started;
    private long _told;

    /// <summary>Events so far.</summary>
    internal long Done => _done;

    /// <param name="what">What is done to the events, such as <c>exported</c>.</param>
    /// <param name="total">How many there are.</param>
    internal void Begin(string what, long total)
    {
        (_what, _total, _done) = (what, total, 0);
        _started = _told = time.GetTimestamp();
    }

    /// <summary>One more event is done.</summary>
    internal void Advance()
    {
        if (++_done % EventsPerLook == 0 && !isQuiet && time.GetElapsedTime(_told) >= Pause)
        {
            _told = time.GetTimestamp();
            var percent = _total == 0 ? 100 : Math.Min(100, 100 * _done / _total);
            output.WriteLine($"{_done:N0} of {_total:N0} events {_what} ({percent} %), {Rate}.");
        }
    }

    /// <summary>The last line.</summary>
    internal void End(string counts) => output.WriteLine($"{counts}; {_done:N0} events {_what} in {Elapsed:N1} s ({Rate}).");

    private double Elapsed => time.GetElapsedTime(_started).TotalSeconds;

    private string Rate => $"{_done / Math.Max(Elapsed, 0.001):N0} events/s";
}
