using System.Diagnostics;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Waiting for what happens on other threads, and says so when it doesn't.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    public static async Task Until(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TestNetwork.Patience, $"waited in vain for {what}");
            await Task.Delay(Interval);
        }
    }

    public static async Task For(Task task, string what)
    {
        await Until(() => task.IsCompleted, what);
        await task;
    }

    public static async Task<T> For<T>(Task<T> task, string what)
    {
        await Until(() => task.IsCompleted, what);
        return await task;
    }
}
