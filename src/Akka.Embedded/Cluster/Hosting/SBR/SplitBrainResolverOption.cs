using Akka.Cluster.SBR;

namespace Akka.Cluster.Hosting.SBR;

/// <summary>Which side of a partition goes on.</summary>
public abstract class SplitBrainResolverOption
{
    public static readonly SplitBrainResolverOption Default = new KeepMajorityOption();

    private protected SplitBrainResolverOption() { }

    /// <summary>Only members of this role count; null for all.</summary>
    public string? Role { get; set; }

    internal abstract SplitBrainStrategy Strategy { get; }
}

/// <inheritdoc cref="KeepMajority"/>
public sealed class KeepMajorityOption : SplitBrainResolverOption
{
    internal override SplitBrainStrategy Strategy => new KeepMajority { Role = Role };
}

/// <inheritdoc cref="KeepOldest"/>
public sealed class KeepOldestOption : SplitBrainResolverOption
{
    /// <inheritdoc cref="KeepOldest.DownIfAlone"/>
    public bool? DownIfAlone { get; set; } = true;

    internal override SplitBrainStrategy Strategy => new KeepOldest { Role = Role, DownIfAlone = DownIfAlone ?? true };
}
