namespace ChatAkka.Gateway.Tests.Support;

/// <summary>A clock that moves when a test says so. One timestamp is one millisecond.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly DateTimeOffset _start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private long _milliseconds = 1_000;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => Volatile.Read(ref _milliseconds);

    public override DateTimeOffset GetUtcNow() => _start.AddMilliseconds(GetTimestamp());

    public void Advance(int milliseconds) => Interlocked.Add(ref _milliseconds, milliseconds);
}
