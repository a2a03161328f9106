namespace Akka.Actor;

/// <summary>Something that can be called off, once.</summary>
public interface ICancelable
{
    bool IsCancellationRequested { get; }

    CancellationToken Token { get; }

    void Cancel();

    void Cancel(bool throwOnFirstException);

    void CancelAfter(TimeSpan delay);

    void CancelAfter(int millisecondsDelay);
}

/// <summary>A cancelable whose delays run on a scheduler's time.</summary>
public class Cancelable(IScheduler scheduler) : ICancelable, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    public Cancelable(IScheduler scheduler, int millisecondsDelay) : this(scheduler) => CancelAfter(millisecondsDelay);

    public bool IsCancellationRequested => _source.IsCancellationRequested;

    public CancellationToken Token => _source.Token;

    public bool IsDisposed { get; private set; }

    public void Cancel() => Cancel(false);

    public void Cancel(bool throwOnFirstException)
    {
        if (!IsDisposed)
            _source.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay) => scheduler.Advanced.ScheduleOnce(delay, Cancel, this);

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public void Dispose()
    {
        IsDisposed = true;
        _source.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Convenience on cancelables.</summary>
public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
