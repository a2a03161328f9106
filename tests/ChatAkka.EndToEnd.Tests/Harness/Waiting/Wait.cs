namespace ChatAkka.EndToEnd.Tests.Harness.Waiting;

/// <summary>Waiting that ends: every wait has a limit, and one that isn't met says what was awaited.</summary>
internal static class Wait
{
    /// <summary>Long enough for anything that should happen at once, on a machine that is busy with other tests.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public static async Task<T> ForAsync<T>(string what, Task<T> task, TimeSpan? limit = null)
    {
        try
        {
            return await task.WaitAsync(limit ?? Soon);
        }
        catch (TimeoutException e)
        {
            throw TimedOut(what, limit, e);
        }
    }

    public static async Task ForAsync(string what, Task task, TimeSpan? limit = null)
    {
        try
        {
            await task.WaitAsync(limit ?? Soon);
        }
        catch (TimeoutException e)
        {
            throw TimedOut(what, limit, e);
        }
    }

    public static Task UntilAsync(string what, Func<bool> holds, TimeSpan? limit = null) =>
        UntilAsync(what, () => Task.FromResult(holds()), limit);

    /// <summary>For what nobody announces: looks again and again until it holds.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan? limit = null)
    {
        using var cancel = new CancellationTokenSource(limit ?? Soon);
        using var timer = new PeriodicTimer(Poll);
        while (!await ForAsync(what, holds(), limit))
        {
            try
            {
                await timer.WaitForNextTickAsync(cancel.Token);
            }
            catch (OperationCanceledException e)
            {
                throw TimedOut(what, limit, e);
            }
        }
    }

    private static TimeoutException TimedOut(string what, TimeSpan? limit, Exception cause) =>
        new($"Awaited in vain for {(limit ?? Soon).TotalSeconds:0.#} s: {what}.", cause);
}
