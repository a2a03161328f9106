using System.Globalization;

namespace ChatAkka.Gateway.Limits;

/// <summary>
/// How many connections the process can have open before it runs out of files. Accepting beyond that would take the files that the
/// store and the other connections need, and a listener that can't accept spins; so what is too much is accepted and cut at once.
/// </summary>
internal sealed class FileBudget
{
    // Files that stay free for the store, the runtime and connections that are being refused.
    private const int Reserve = 48;

    private readonly int _limit;
    private int _open;

    private FileBudget(int limit) => _limit = limit;

    /// <summary>Connections that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The budget of this process as it is now; without a limit where the system doesn't tell.</summary>
    public static FileBudget OfProcess()
    {
        const string limits = "/proc/self/limits", files = "/proc/self/fd";
        if (!File.Exists(limits) || !Directory.Exists(files))
        {
            return new FileBudget(int.MaxValue);
        }

        foreach (var line in File.ReadLines(limits))
        {
            const string name = "Max open files";
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
                return int.TryParse(soft, CultureInfo.InvariantCulture, out var most)
                    ? Of(most, Directory.GetFiles(files).Length)
                    : new FileBudget(int.MaxValue);
            }
        }

        return new FileBudget(int.MaxValue);
    }

    /// <param name="most">Files that the process may open.</param>
    /// <param name="used">Files that are open before any connection is.</param>
    public static FileBudget Of(int most, int used) => new(Math.Max(8, most - used - Reserve));

    /// <summary>False if the connection must be cut; otherwise <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= _limit)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);
}
