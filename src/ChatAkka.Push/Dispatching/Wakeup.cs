using System.Threading.Channels;

namespace ChatAkka.Push.Dispatching;

/// <summary>Something may have to be done. Thread-safe; one waits.</summary>
internal sealed class Wakeup
{
    // One signal says all there is to say: further ones are dropped.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Signal() => _signal.Writer.TryWrite(true);

    /// <summary>Ends with the first signal since the last wait.</summary>
    public async Task WaitAsync(CancellationToken cancel) => await _signal.Reader.ReadAsync(cancel);
}
