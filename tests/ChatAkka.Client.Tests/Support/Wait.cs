namespace ChatAkka.Client.Tests.Support;

/// <summary>Waiting for what nobody announces. It ends, and says what was awaited in vain.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(string what, Func<bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        using var late = new CancellationTokenSource(Limit);
        while (!holds())
        {
            if (late.IsCancellationRequested)
            {
                throw new TimeoutException($"Awaited in vain for {Limit.TotalSeconds:0} s: {what}.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Moves the clock step by step until something has happened.</summary>
    public static async Task<T> AdvanceUntilAsync<T>(this ManualTime time, string what, Task<T> task, TimeSpan step)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var steps = 0; !task.IsCompleted && steps < 5_000; steps++)
        {
            time.Advance(step);
            await timer.WaitForNextTickAsync();
        }

        return await task.Within(what);
    }
}
