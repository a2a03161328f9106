using System.Diagnostics;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Server;

/// <summary>
/// Kills and restarts the server at planned moments of a scenario, counted in first transmissions, and only while sends are
/// unacknowledged. After the transmission that makes a kill due, a random while passes (up to 2 ms), so that kills hit before, during
/// and after the commit.
/// </summary>
internal sealed class KillPlan
{
    private const int LongestWhileMicroseconds = 2000;

    private readonly int[] _moments;
    private readonly Random _random;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _threshold = int.MaxValue;
    private int _transmitted;
    private int _acknowledged;
    private int _done;
    private int _life;

    private KillPlan(int[] moments, Random random) => (_moments, _random) = (moments, random);

    /// <summary>No kills.</summary>
    public static KillPlan None() => new([], new Random(0));

    /// <summary>How many kills are planned.</summary>
    public int Planned => _moments.Length;

    /// <summary>How many began.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>
    /// The server process's number, from 0; null from before a kill until its successor is ready. What is the same before and after
    /// something happened in one process.
    /// </summary>
    public int? Life => Volatile.Read(ref _life) is var life && life % 2 == 0 ? life / 2 : null;

    /// <summary>One kill in each of <paramref name="kills"/> equal parts of <paramref name="sends"/>, somewhere in it.</summary>
    public static KillPlan Draw(int kills, int sends, Random random)
    {
        var part = sends / (double)Math.Max(kills, 1);
        return new KillPlan([.. Enumerable.Range(0, kills).Select(k => 1 + (int)((k + (random.NextDouble() * 0.9)) * part))], random);
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

    /// <summary>Carries the plan out; completes when it is done or <see cref="Finish"/> was called, with the server running.</summary>
    public async Task RunAsync(IServerHost server, Waits waits, Action<string> tell)
    {
        try
        {
            foreach (var moment in _moments)
            {
                if (!await DueAsync(moment).ConfigureAwait(false))
                {
                    return;
                }

                var open = Volatile.Read(ref _transmitted) - Volatile.Read(ref _acknowledged);
                tell($"kill {_done + 1} of {Planned} after {_transmitted} sends, {open} of them unacknowledged");
                Interlocked.Increment(ref _done);
                Interlocked.Increment(ref _life);
                await server.KillAsync().ConfigureAwait(false);
                await server.StartAsync(CancellationToken.None).ConfigureAwait(false);
                Interlocked.Increment(ref _life);
                waits.Moved();
            }
        }
        catch (Exception e)
        {
            waits.Fail($"after kill {_done}: {e.Message}");
        }
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
