using Akka.DistributedData;
using Akka.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>What <c>WithDistributedData</c> takes; what is null keeps its default.</summary>
public class DDataOptions
{
    /// <summary>The name of the replicator's actor, which must be the same on all nodes.</summary>
    public string? Name { get; set; }

    /// <summary>Only nodes of this role have a replicator.</summary>
    public string? Role { get; set; }

    /// <summary>See <see cref="ReplicatorSettings.PreferOldest"/>.</summary>
    public bool? PreferOldest { get; set; }
}

/// <summary>Puts replicated data into the host's actor system.</summary>
public static class AkkaDistributedDataHostingExtensions
{
    /// <summary>Has the node's replicator started with the system.</summary>
    public static AkkaConfigurationBuilder WithDistributedData(this AkkaConfigurationBuilder builder, Action<DDataOptions> configurator)
    {
        var options = new DDataOptions();
        configurator(options);
        return builder.WithDistributedData(options);
    }

    /// <inheritdoc cref="WithDistributedData(AkkaConfigurationBuilder,Action{DDataOptions})"/>
    /// <remarks>What the options don't have, such as intervals, is that of a <see cref="DistributedDataSetup"/> that was added
    /// before.</remarks>
    public static AkkaConfigurationBuilder WithDistributedData(this AkkaConfigurationBuilder builder, DDataOptions options)
    {
        var before = builder.Setups.OfType<DistributedDataSetup>().SingleOrDefault() ?? new DistributedDataSetup();
        var settings = before.Settings;
        if (options.Role is not null)
            settings = settings.WithRole(options.Role);
        if (options.PreferOldest is { } preferOldest)
            settings = settings.WithPreferOldest(preferOldest);
        return builder
            .AddSetup(new DistributedDataSetup { Name = options.Name ?? before.Name, Settings = settings })
            .WithExtension<DistributedDataProvider>();
    }
}
