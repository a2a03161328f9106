namespace ChatAkka.Tests;

/// <summary>Waiting with an end: a test that hangs says what it waited for.</summary>
internal static class Awaited
{
    // For what takes milliseconds on a machine that is busy with something else.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="seconds">For what is much work; null for what isn't.</param>
    public static async Task Within(this Task task, string what, int? seconds = null)
    {
        var patience = seconds is { } given ? TimeSpan.FromSeconds(given) : Patience;
        try
        {
            await task.WaitAsync(patience);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {patience.TotalSeconds:F0} s for {what}.");
        }
    }

    public static async Task<T> Within<T>(this Task<T> task, string what, int? seconds = null)
    {
        await Within((Task)task, what, seconds);
        return await task;
    }
}
