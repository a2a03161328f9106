namespace ChatAkka.Server.Recovery;

/// <summary>Something may have to be done. Thread-safe; one waits.</summary>
internal sealed class Signal
{
    // One says all there is to say: further ones are dropped.
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Set()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was said already.
        }
    }

    /// <summary>Ends with the first signal since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancel) => _signal.WaitAsync(cancel);
}
