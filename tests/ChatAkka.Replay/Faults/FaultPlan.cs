using System.Diagnostics;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Faults;

/// <summary>
/// Lets faults happen at planned moments of a scenario, counted in first transmissions, and only while sends are unacknowledged. After the
/// transmission that makes a fault due, a random while passes (up to 2 ms), so that faults hit before, during and after the commit. One at
/// a time: a server can't start without its store.
/// </summary>
internal sealed class FaultPlan
{
    private const int LongestWhileMicroseconds = 2000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly (int After, IFault Fault)[] _moments;
    private readonly int _sends;
    private readonly Random _random;
    private readonly List<FaultRecord> _records = [];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _passing;
    private FaultRecord? _current;
    private int _threshold = int.MaxValue;
    private int _transmitted;
    private int _acknowledged;
    private int _life;

    private FaultPlan((int After, IFault Fault)[] moments, int sends, Random random) =>
        (_moments, _sends, _random) = (moments, sends, random);

    /// <summary>No faults.</summary>
    public static FaultPlan None() => new([], 0, new Random(0));

    /// <summary>How many faults are planned.</summary>
    public int Planned => _moments.Length;

    /// <summary>Their names, in their order.</summary>
    public IEnumerable<string> Names => _moments.Select(m => m.Fault.Name);

    /// <summary>Those that began. Complete when the plan was carried out.</summary>
    public IReadOnlyList<FaultRecord> Records => _records;

    /// <summary>How long it is to go on until the fault that is under way has passed and everything is at rest; null if none is.</summary>
    public Task? Passing => Volatile.Read(ref _passing)?.Task;

    /// <summary>The fault that is under way, or else the last one.</summary>
    public FaultRecord? Current => Volatile.Read(ref _current);

    /// <summary>Sends of one fault's part of the scenario.</summary>
    public int SendsEach => _sends / Math.Max(Planned, 1);

    /// <summary>
    /// The number of the time between faults that end lives, from 0; null during one. What is the same before and after something happened
    /// without such a fault in between.
    /// </summary>
    public int? Life => Volatile.Read(ref _life) is var life && life % 2 == 0 ? life / 2 : null;

    /// <summary>The faults in random order, one in each of as many equal parts of <paramref name="sends"/>, somewhere in it.</summary>
    public static FaultPlan Draw(IEnumerable<IFault> faults, int sends, Random random)
    {
        IFault[] all = [.. faults];
        random.Shuffle(all);
        var part = sends / (double)Math.Max(all.Length, 1);
        return new FaultPlan([.. all.Select((fault, f) => (1 + (int)((f + (random.NextDouble() * 0.9)) * part), fault))], sends, random);
    }

    /// <summary>A send went out for the first time.</summary>
    public void Transmitted()
    {
        if (Interlocked.Increment(ref _transmitted) >= Volatile.Read(ref _threshold))
        {
            Volatile.Read(ref _due).TrySetResult();
        }
    }

    /// <summary>A send was acknowledged for the first time.</summary>
    public void Acknowledged() => Interlocked.Increment(ref _acknowledged);

    /// <summary>Everything is sent: what isn't due by now won't happen.</summary>
    public void Finish() => _over.TrySetResult();

    /// <summary>Carries the plan out; completes when it is done or <see cref="Finish"/> was called, with the servers running.</summary>
    /// <param name="tell">Told what happens, a line each time.</param>
    /// <param name="isQuiet">Looks whether everything is at rest after a fault; null not to wait for that before the next.</param>
    public async Task RunAsync(Waits waits, TimeProvider time, Action<string> tell, Func<FaultRecord, Task<bool>>? isQuiet = null)
    {
        try
        {
            foreach (var (after, fault) in _moments)
            {
                if (!await DueAsync(after).ConfigureAwait(false))
                {
                    return;
                }

                var open = Volatile.Read(ref _transmitted) - Volatile.Read(ref _acknowledged);
                tell($"{fault.Name}, fault {_records.Count + 1} of {Planned}, after {_transmitted} sends, {open} of them unacknowledged");
                await StrikeAsync(fault, waits, time, isQuiet).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            waits.Fail($"after fault {_records.Count}{(Current is { } last ? $", {last.Name} {last.Hit}" : "")}: {e.Message}");
        }
        finally
        {
            Volatile.Read(ref _passing)?.TrySetResult();
        }
    }

    private async Task StrikeAsync(IFault fault, Waits waits, TimeProvider time, Func<FaultRecord, Task<bool>>? isQuiet)
    {
        var record = new FaultRecord(fault.Name, time.GetTimestamp());
        _records.Add(record);
        Volatile.Write(ref _current, record);
        Volatile.Write(ref _passing, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Add(ref _life, fault.EndsLives ? 1 : 0);
        await fault.StrikeAsync(record, _random, time).ConfigureAwait(false);
        record.Healed = time.GetTimestamp();
        waits.Moved();
        if (isQuiet is not null)
        {
            while (!await isQuiet(record).ConfigureAwait(false))
            {
                await Task.Delay(LookEvery, time, waits.Ended).ConfigureAwait(false);
            }

            record.Quiet = time.GetTimestamp();
        }

        Interlocked.Add(ref _life, fault.EndsLives ? 1 : 0);
        Volatile.Read(ref _passing)!.TrySetResult();
        Volatile.Write(ref _passing, null);
    }

    /// <summary>Waits for the moment, and for something to be unacknowledged then; false when the sends end first.</summary>
    private async Task<bool> DueAsync(int moment)
    {
        var pause = _random.Next(LongestWhileMicroseconds);
        while (true)
        {
            _due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _threshold, Math.Max(moment, Volatile.Read(ref _transmitted) + 1));
            await Task.WhenAny(_due.Task, _over.Task).ConfigureAwait(false);
            Volatile.Write(ref _threshold, int.MaxValue);
            if (!_due.Task.IsCompleted)
            {
                return false;
            }

            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started).TotalMicroseconds < pause)
            {
                Thread.SpinWait(20); // far below any timer's resolution
            }

            if (Volatile.Read(ref _transmitted) > Volatile.Read(ref _acknowledged))
            {
                return true;
            }

            pause = 0; // too late this time: at the next transmission, at once
        }
    }
}
