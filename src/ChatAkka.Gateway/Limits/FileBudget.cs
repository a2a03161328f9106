using System.Globalization;

namespace ChatAkka.Gateway.Limits;

/// <summary>
/// How many connections the process can have open before it runs out of files, which the store and the runtime need too: a runtime
/// that can't open an assembly aborts.
/// </summary>
/// <remarks>
/// Files other than connections become more over time (every assembly that is loaded takes some), so they are counted again
/// when room gets short, once a second at most.
/// </remarks>
internal sealed class FileBudget
{
    // Files that stay free for connections that are just being cut or closed, and for the runtime: a quarter of what there is, in these
    // bounds. Starting a thread takes three for a moment and ends the process if it can't have them; two may start at once.
    private const int LargestReserve = 20;
    private const int SmallestReserve = 7;

    // Files that a node opens after its listener, and keeps: those of the rest of its start, the store's further readers.
    private const int Growth = 22;

    // Room below which the other files are counted again.
    private const int Short = 100;

    private readonly int _most;
    private readonly int _least;
    private readonly int _reserve;
    private readonly Func<int> _countFiles;
    private readonly TimeProvider _time;
    private readonly Lock _counting = new();
    private long _countedAt;
    private int _others;
    private int _open;

    /// <param name="most">Files that the process may have open; <see cref="int.MaxValue"/> if nobody knows.</param>
    /// <param name="countFiles">Counts the files that are open now; may throw <see cref="IOException"/> when there is no room even for
    /// that.</param>
    public FileBudget(int most, Func<int> countFiles, TimeProvider time)
    {
        (_most, _countFiles, _time) = (most, countFiles, time);
        _countedAt = time.GetTimestamp();
        _least = most == int.MaxValue ? 0 : countFiles() + Growth;
        _others = _least;
        _reserve = Math.Clamp((most - _others) / 4, SmallestReserve, LargestReserve);
    }

    /// <summary>Connections that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The budget of this process; without a limit where the system doesn't tell.</summary>
    public static FileBudget OfProcess(TimeProvider time)
    {
        const string limits = "/proc/self/limits", files = "/proc/self/fd", name = "Max open files";
        if (File.Exists(limits) && Directory.Exists(files))
        {
            foreach (var line in File.ReadLines(limits))
            {
                if (line.StartsWith(name, StringComparison.Ordinal)
                    && int.TryParse(
                        line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
                        CultureInfo.InvariantCulture,
                        out var most))
                {
                    return new FileBudget(most, () => Directory.EnumerateFileSystemEntries(files).Count(), time);
                }
            }
        }

        return new FileBudget(int.MaxValue, () => 0, time);
    }

    /// <summary>False if the connection, which has its file already, must be cut; otherwise <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        var open = Interlocked.Increment(ref _open);
        if (Room(open) < Short)
        {
            CountOthers();
        }

        if (Room(open) >= _reserve)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);

    private int Room(int open) => _most - Volatile.Read(ref _others) - open;

    private void CountOthers()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _countedAt)) < TimeSpan.FromSeconds(1) || !_counting.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _others, Math.Max(_least, _countFiles() - Open));
        }
        catch (IOException)
        {
            // No file left to count with: whatever they are, they are too many for another connection.
            Volatile.Write(ref _others, _most - Open - _reserve + 1);
        }
        finally
        {
            Volatile.Write(ref _countedAt, _time.GetTimestamp());
            _counting.Exit();
        }
    }
}
