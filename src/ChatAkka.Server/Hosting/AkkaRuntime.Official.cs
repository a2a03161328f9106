using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Remote.Hosting;
using ChatAkka.Server.Clustering;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Server.Hosting;

/// <summary>What differs between the runtimes; this is <c>AkkaRuntime=official</c>.</summary>
internal static class AkkaRuntime
{
    /// <summary>A system whose journal and snapshots are in the node's store, and which logs as the host does.</summary>
    public static AkkaConfigurationBuilder WithChatStore(this AkkaConfigurationBuilder builder) => builder
        .ConfigureLoggers(loggers =>
        {
            loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            loggers.ClearLoggers().AddLoggerFactory();
        })
        .AddHocon(
            $$"""
            akka.persistence {
              journal { plugin = "akka.persistence.journal.chatakka", chatakka.class = "{{typeof(ChatJournal).AssemblyQualifiedName}}" }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.chatakka"
                chatakka.class = "{{typeof(ChatSnapshotStore).AssemblyQualifiedName}}"
              }
            }
            # Where the shards are is not history: it would only be wrong after a restart.
            akka.cluster.sharding.state-store-mode = ddata
            # A dead letter is logged with what is in it, and that is nobody's business.
            akka.log-dead-letters = off
            akka.log-dead-letters-during-shutdown = off
            """,
            HoconAddMode.Prepend);

    /// <summary>A node that is a messenger by itself. Akka.NET shards only within a cluster: here one of a single node.</summary>
    public static AkkaConfigurationBuilder WithoutOthers(this AkkaConfigurationBuilder builder) => builder
        .WithRemoting("127.0.0.1", 0)
        .WithClustering()
        .AddStartup((system, _) =>
        {
            var cluster = Cluster.Get(system);
            return cluster.JoinAsync(cluster.SelfAddress);
        });

    /// <summary>Makes the system a member of a cluster, as soon as it has joined one.</summary>
    /// <param name="sameOnAll">Not looked at: Akka.NET lets in whoever comes.</param>
    public static AkkaConfigurationBuilder WithClusterTransport(
        this AkkaConfigurationBuilder builder, Clustering.ClusterOptions options, IReadOnlyDictionary<string, string> sameOnAll) => builder
        .AddHocon(
            $"akka.cluster.split-brain-resolver.stable-after = {options.StableAfterSeconds}s", HoconAddMode.Prepend)
        .WithRemoting(new RemoteOptions
        {
            HostName = options.Host,
            PublicHostName = options.PublicHost.Length > 0 ? options.PublicHost : options.Host,
            Port = options.Port,
            EnableSsl = !options.Tls.IsOff,
            Ssl = options.Tls.IsOff ? new SslOptions() : new SslOptions { X509Certificate = ClusterCertificates.OfNode(options.Tls) },
        })
        .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
        {
            SplitBrainResolver = options.SplitBrain == "keep-oldest" ? new KeepOldestOption() : new KeepMajorityOption(),
        });
}
