using System.Collections.Immutable;
using System.Globalization;

namespace Akka.Cluster;

/// <summary>What must be the same on all nodes of a cluster, or they would not understand each other, or would decide differently.</summary>
/// <param name="Protocol">The version of the messages that the node sends.</param>
/// <param name="OldestProtocol">The oldest version that it still understands.</param>
/// <param name="Downing">How it decides which side of a partition goes on, in words.</param>
internal sealed record JoinTerms(int Protocol, int OldestProtocol, string Downing)
{
    public const int CurrentProtocol = 1;
    private const int OldestUnderstood = 1;

    /// <inheritdoc cref="ClusterSetup.SameOnAll"/>
    public ImmutableSortedDictionary<string, string> Same { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public static JoinTerms Of(ClusterSetup setup) => new(CurrentProtocol, OldestUnderstood, Describe(setup)) { Same = setup.SameOnAll };

    /// <summary>Why a node with these terms can't join one with those of <paramref name="cluster"/>; empty if it can.</summary>
    public string MismatchWith(JoinTerms cluster)
    {
        if (Protocol < cluster.OldestProtocol || OldestProtocol > cluster.Protocol)
            return $"the node speaks version {OldestProtocol} to {Protocol} of the cluster protocol, the cluster {cluster.OldestProtocol} to {cluster.Protocol}";
        if (Downing != cluster.Downing)
            return Differ("split-brain resolver", Downing, cluster.Downing);
        foreach (var (name, value) in Same)
        {
            if (cluster.Same.TryGetValue(name, out var other) && other != value)
                return Differ(name, value, other);
        }

        return "";
    }

    private static string Differ(string what, string node, string cluster) => $"the node's {what} is '{node}', the cluster's is '{cluster}'";

    private static string Describe(ClusterSetup setup)
    {
        if (setup.SplitBrainResolver is not { } strategy)
            return "none";
        var name = strategy switch
        {
            SBR.KeepOldest { DownIfAlone: true } => "keep-oldest, down-if-alone",
            SBR.KeepOldest => "keep-oldest",
            _ => "keep-majority",
        };
        var role = strategy.Role is null ? "" : $", role {strategy.Role}";
        return string.Create(CultureInfo.InvariantCulture, $"{name}{role}, stable-after {setup.StableAfter.TotalMilliseconds} ms");
    }
}
