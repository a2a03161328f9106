namespace ChatAkka.Client.Tests.Support;

/// <summary>Waiting that ends, and says what was awaited in vain.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<T> ForAsync<T>(string what, Task<T> task)
    {
        await ForAsync(what, (Task)task);
        return await task;
    }

    public static async Task ForAsync(string what, Task task)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Awaited in vain for {Limit.TotalSeconds:0} s: {what}.", e);
        }
    }

    /// <summary>For what nobody announces.</summary>
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
}
