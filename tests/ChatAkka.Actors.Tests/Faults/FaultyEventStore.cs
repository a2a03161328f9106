using ChatAkka.Domain.Timelines;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>An event store whose writes meet with what a plan has for them.</summary>
internal sealed class FaultyEventStore(IEventStore inner, FaultPlan plan) : IEventStore
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    public async Task AppendAsync(JournalRow[] rows, CancellationToken cancel)
    {
        var fault = plan.Next(rows);
        await (fault switch
        {
            Fault.IsDelayed => Task.Delay(Delay, cancel),
            Fault.Hangs => plan.Released,
            _ => Task.CompletedTask,
        });
        if (fault == Fault.FailsBefore)
        {
            throw new StorageUnavailableException("lost the write");
        }

        await inner.AppendAsync(rows, cancel);
        if (fault == Fault.FailsAfter)
        {
            throw new StorageUnavailableException("lost the answer");
        }
    }

    public Task ReadAsync(
        string persistenceId, long from, long to, long limit, bool backward, Action<JournalRow> receive, CancellationToken cancel) =>
        inner.ReadAsync(persistenceId, from, to, limit, backward, receive, cancel);

    public Task<long> HighestAsync(string persistenceId, CancellationToken cancel) => inner.HighestAsync(persistenceId, cancel);

    public Task<List<JournalRow>> AnnotationsAsync(string persistenceId, long from, long to, CancellationToken cancel) =>
        inner.AnnotationsAsync(persistenceId, from, to, cancel);

    public Task<List<JournalRow>> HeadsAsync(IReadOnlyCollection<string> persistenceIds, CancellationToken cancel) =>
        inner.HeadsAsync(persistenceIds, cancel);

    public Task DeleteToAsync(string persistenceId, long to, CancellationToken cancel) => inner.DeleteToAsync(persistenceId, to, cancel);
}
