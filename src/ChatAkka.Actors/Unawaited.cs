namespace ChatAkka.Actors;

/// <summary>Work whose result nobody waits for.</summary>
internal static class Unawaited
{
    /// <summary>Takes note of a failure without acting on it, so that it isn't reported as one nobody looked at. For writes that
    /// do no harm when they are lost; the caller says why.</summary>
    public static void IgnoreFailure(this Task task) => task.ContinueWith(static failed => failed.Exception, TaskScheduler.Default);
}
