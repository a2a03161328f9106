namespace ChatAkka.Storage.Tests.Conformance;

/// <summary>A clock that stands still until a test sets it.</summary>
internal sealed class SettableTime : TimeProvider
{
    public long Now { get; set; } = 1_800_000_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
}
