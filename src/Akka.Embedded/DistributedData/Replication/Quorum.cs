namespace Akka.DistributedData.Replication;

/// <summary>How many nodes are asked for.</summary>
internal static class Quorum
{
    /// <summary>Other nodes that must answer; more than there are if it can't be done.</summary>
    /// <param name="consistency">What was asked for.</param>
    /// <param name="others">The number of other nodes.</param>
    public static int Of(IReadConsistency consistency, int others) => consistency switch
    {
        ReadLocal => 0,
        ReadFrom from => from.N - 1,
        ReadMajority majority => Majority(others, majority.MinCapacity),
        ReadAll => others,
        _ => throw new ArgumentException($"{consistency} is not a known consistency", nameof(consistency)),
    };

    /// <inheritdoc cref="Of(IReadConsistency,int)"/>
    public static int Of(IWriteConsistency consistency, int others) => consistency switch
    {
        WriteLocal => 0,
        WriteTo to => to.Count - 1,
        WriteMajority majority => Majority(others, majority.MinCapacity),
        WriteAll => others,
        _ => throw new ArgumentException($"{consistency} is not a known consistency", nameof(consistency)),
    };

    /// <summary>More than half of all, this node included.</summary>
    private static int Majority(int others, int minimum)
    {
        var all = others + 1;
        return Math.Min(all, Math.Max((all / 2) + 1, minimum)) - 1;
    }
}
