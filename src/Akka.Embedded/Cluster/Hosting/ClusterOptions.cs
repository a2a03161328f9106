using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Hosting.SBR;

namespace Akka.Cluster.Hosting;

/// <summary>How a host's system is a member of a cluster; what is null keeps its default, which <see cref="ClusterSetup"/> tells.</summary>
public sealed class ClusterOptions
{
    /// <inheritdoc cref="ClusterSetup.Roles"/>
    public string[]? Roles { get; set; }

    /// <inheritdoc cref="ClusterSetup.MinNrOfMembersOfRole"/>
    public Dictionary<string, int>? MinimumNumberOfMembersPerRole { get; set; }

    /// <summary>Addresses such as <c>akka.tcp://system@host:port</c>; see <see cref="ClusterSetup.SeedNodes"/>.</summary>
    public string[]? SeedNodes { get; set; }

    /// <inheritdoc cref="ClusterSetup.MinNrOfMembers"/>
    public int? MinimumNumberOfMembers { get; set; }

    /// <inheritdoc cref="ClusterSetup.SplitBrainResolver"/>
    public SplitBrainResolverOption? SplitBrainResolver { get; set; }

    /// <exception cref="ArgumentException">A seed node is no address.</exception>
    internal ClusterSetup ToSetup()
    {
        var defaults = new ClusterSetup();
        return new ClusterSetup
        {
            Roles = Roles?.ToImmutableHashSet() ?? defaults.Roles,
            MinNrOfMembersOfRole = MinimumNumberOfMembersPerRole?.ToImmutableDictionary() ?? defaults.MinNrOfMembersOfRole,
            SeedNodes = SeedNodes?.Select(AddressOf).ToImmutableList() ?? defaults.SeedNodes,
            MinNrOfMembers = MinimumNumberOfMembers ?? defaults.MinNrOfMembers,
            SplitBrainResolver = SplitBrainResolver?.Strategy ?? defaults.SplitBrainResolver,
        };
    }

    private static Address AddressOf(string seed) => Address.TryParse(seed, out var address)
        ? address
        : throw new ArgumentException($"{nameof(ClusterOptions)}.{nameof(SeedNodes)} must be addresses, but has '{seed}'.", nameof(SeedNodes));
}
