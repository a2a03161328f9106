namespace Benchmarks.Server.Chat;

/// <summary>What a session was told that it should not have been.</summary>
internal sealed class Faults
{
    /// <summary><c>error</c> frames.</summary>
    public long Errors { get; set; }

    /// <summary>Frames and answers that it doesn't know.</summary>
    public long Unknown { get; set; }

    /// <summary>Texts that nobody sent.</summary>
    public long Corrupted { get; set; }

    /// <summary>The first of the frames that were counted.</summary>
    public string? FirstError { get; set; }
}
