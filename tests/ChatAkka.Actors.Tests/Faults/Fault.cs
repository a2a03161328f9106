using ChatAkka.Storage.Journals;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>What may befall a write.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It fails, and nothing is stored.</summary>
    FailsBefore,

    /// <summary>It is stored, but whoever waits is told that the store is unavailable.</summary>
    FailsAfter,

    /// <summary>It takes some time.</summary>
    IsDelayed,

    /// <summary>It doesn't reach the store before <see cref="FaultPlan.Release"/>.</summary>
    Hangs,
}

/// <summary>Which writes are befallen by what. Thread-safe.</summary>
internal sealed class FaultPlan
{
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Func<JournalRow[], Fault> _choose = static _ => Fault.None;

    /// <summary>Completes when a fault has befallen a write.</summary>
    public Task Struck => _struck.Task;

    /// <summary>Completes when what hangs may go on.</summary>
    public Task Released => _released.Task;

    /// <summary>The next write that has such a row is befallen; no other.</summary>
    public void Strike(Fault fault, Func<JournalRow, bool> which) => Choose(rows =>
    {
        if (fault == Fault.None || !rows.Any(which))
        {
            return Fault.None;
        }

        var once = fault;
        fault = Fault.None;
        return once;
    });

    /// <summary>Each write is befallen by what the function says; it is called for one at a time.</summary>
    public void Choose(Func<JournalRow[], Fault> choose)
    {
        lock (_gate)
        {
            _choose = choose;
        }
    }

    public void Release() => _released.TrySetResult();

    /// <summary>What befalls a write that begins now.</summary>
    public Fault Next(JournalRow[] rows)
    {
        lock (_gate)
        {
            var fault = _choose(rows);
            if (fault != Fault.None)
            {
                _struck.TrySetResult();
            }

            return fault;
        }
    }
}
