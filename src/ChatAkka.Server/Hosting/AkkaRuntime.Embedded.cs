using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.SBR;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Remote.Hosting;
using Akka.Remote.Transport.Tcp;
using ChatAkka.Server.Clustering;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Server.Hosting;

/// <summary>What differs between the runtimes; this is <c>AkkaRuntime=embedded</c>.</summary>
internal static class AkkaRuntime
{
    /// <summary>A system whose journal and snapshots are in the node's store.</summary>
    public static AkkaConfigurationBuilder WithChatStore(this AkkaConfigurationBuilder builder) => builder
        .WithJournal(_ => Props.Create(() => new ChatJournal()))
        .WithSnapshot(_ => Props.Create(() => new ChatSnapshotStore()));

    /// <summary>A node that is a messenger by itself: nothing to add.</summary>
    public static AkkaConfigurationBuilder WithoutOthers(this AkkaConfigurationBuilder builder) => builder;

    /// <summary>Makes the system a member of a cluster, as soon as it has joined one.</summary>
    /// <param name="sameOnAll">What a node that is to be let in must have in common with the cluster, by name.</param>
    public static AkkaConfigurationBuilder WithClusterTransport(
        this AkkaConfigurationBuilder builder, ClusterOptions options, IReadOnlyDictionary<string, string> sameOnAll) => builder
        .WithRemoting(new RemoteOptions
        {
            HostName = options.Host,
            PublicHostName = options.PublicHost.Length > 0 ? options.PublicHost : null,
            Port = options.Port,
            Tls = options.Tls.IsOff ? null : TlsOf(options.Tls),
        })
        .AddSetup(new ClusterSetup
        {
            SplitBrainResolver = options.SplitBrain == "keep-oldest" ? new KeepOldest() : new KeepMajority(),
            StableAfter = TimeSpan.FromSeconds(options.StableAfterSeconds),
            SameOnAll = sameOnAll.ToImmutableSortedDictionary(),
        });

    private static TlsSettings TlsOf(ClusterTlsOptions options) =>
        new() { Certificate = ClusterCertificates.OfNode(options), Authorities = ClusterCertificates.OfAuthorities(options) };
}
