namespace ChatAkka.Tests;

/// <summary>Waiting with an end: a test that hangs says what it waited for.</summary>
internal static class Awaited
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task Within(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds:F0} s for {what}.");
        }
    }

    public static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await Within((Task)task, what);
        return await task;
    }
}
