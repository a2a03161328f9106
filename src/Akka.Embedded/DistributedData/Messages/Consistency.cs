namespace Akka.DistributedData;

/// <summary>Of how many nodes a value is read.</summary>
public interface IReadConsistency
{
    /// <summary>How long to wait for them; zero where there is nobody to wait for.</summary>
    TimeSpan Timeout { get; }
}

/// <summary>To how many nodes a change is written before it is confirmed. Whatever it says, the others get it too, a moment later.</summary>
public interface IWriteConsistency
{
    /// <inheritdoc cref="IReadConsistency.Timeout"/>
    TimeSpan Timeout { get; }
}

/// <summary>Of this node alone.</summary>
public sealed record ReadLocal : IReadConsistency
{
    public static readonly ReadLocal Instance = new();

    private ReadLocal()
    {
    }

    public TimeSpan Timeout => TimeSpan.Zero;
}

/// <summary>Of a number of nodes, this one included.</summary>
public sealed record ReadFrom : IReadConsistency
{
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two: that is <see cref="ReadLocal"/>.</exception>
    public ReadFrom(int n, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        (N, Timeout) = (n, timeout);
    }

    public int N { get; }

    public TimeSpan Timeout { get; }
}

/// <summary>Of more than half of the nodes, this one included: with <see cref="WriteMajority"/>, what was confirmed is read.</summary>
/// <param name="Timeout">How long to wait for them.</param>
/// <param name="MinCapacity">Of so many nodes at least, where a small cluster has that many: a majority of few is soon lost.</param>
public sealed record ReadMajority(TimeSpan Timeout, int MinCapacity = 0) : IReadConsistency;

/// <summary>Of all nodes.</summary>
public sealed record ReadAll(TimeSpan Timeout) : IReadConsistency;

/// <summary>To this node alone.</summary>
public sealed record WriteLocal : IWriteConsistency
{
    public static readonly WriteLocal Instance = new();

    private WriteLocal()
    {
    }

    public TimeSpan Timeout => TimeSpan.Zero;
}

/// <summary>To a number of nodes, this one included.</summary>
public sealed record WriteTo : IWriteConsistency
{
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two: that is <see cref="WriteLocal"/>.</exception>
    public WriteTo(int count, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        (Count, Timeout) = (count, timeout);
    }

    public int Count { get; }

    public TimeSpan Timeout { get; }
}

/// <summary>To more than half of the nodes, this one included.</summary>
/// <inheritdoc cref="ReadMajority"/>
public sealed record WriteMajority(TimeSpan Timeout, int MinCapacity = 0) : IWriteConsistency;

/// <summary>To all nodes.</summary>
public sealed record WriteAll(TimeSpan Timeout) : IWriteConsistency;
