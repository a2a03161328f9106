using ChatAkka.Domain.Timelines;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Push.Logging;

/// <summary>Tells the operator once that the store can't answer, and once that it can again. Thread-safe.</summary>
internal sealed class StoreOutage(ILogger log)
{
    private int _isOut;

    public void Failed(StorageUnavailableException reason)
    {
        if (Interlocked.Exchange(ref _isOut, 1) == 0)
        {
            PushLog.StoreUnavailable(log, reason);
        }
    }

    public void Answered()
    {
        if (Volatile.Read(ref _isOut) != 0 && Interlocked.Exchange(ref _isOut, 0) != 0)
        {
            PushLog.StoreAvailable(log);
        }
    }
}
