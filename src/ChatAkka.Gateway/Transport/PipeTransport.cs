using System.Buffers;
using System.IO.Pipelines;

namespace ChatAkka.Gateway.Transport;

/// <summary>A connection over a pair of pipes: what is served through Kestrel's HTTP.</summary>
/// <param name="abort">Ends the connection under the pipes.</param>
internal sealed class PipeTransport(PipeReader input, PipeWriter output, Action abort) : ITransport
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the connection is given back.</summary>
    public Task Closed => _closed.Task;

    /// <inheritdoc/>
    public async ValueTask<Input> ReadAsync()
    {
        var result = await input.ReadAsync();
        return new Input(result.Buffer, result.IsCompleted);
    }

    /// <inheritdoc/>
    public void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <inheritdoc/>
    public ValueTask<bool> FlushAsync()
    {
        var flush = output.FlushAsync();
        return flush.IsCompletedSuccessfully ? new ValueTask<bool>(!flush.Result.IsCompleted) : EndAsync(flush);

        static async ValueTask<bool> EndAsync(ValueTask<FlushResult> flush)
        {
            try
            {
                return !(await flush).IsCompleted;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public void Abort() => abort();

    /// <inheritdoc/>
    public void Close() => _closed.TrySetResult();
}
