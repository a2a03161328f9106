using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using ChatAkka.Storage.Journals.Sqlite;

namespace ChatAkka.Server.Hosting;

/// <summary>What differs between the runtimes; this is <c>AkkaRuntime=official</c>. Akka.NET shards only within a cluster: here one of a
/// single node.</summary>
internal static class AkkaRuntime
{
    /// <summary>A system of one node whose journal and snapshots are on the embedded store, and which logs as the host does.</summary>
    public static AkkaConfigurationBuilder WithEmbeddedStore(this AkkaConfigurationBuilder builder) => builder
        .ConfigureLoggers(loggers =>
        {
            loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            loggers.ClearLoggers().AddLoggerFactory();
        })
        .AddHocon(
            $$"""
            akka.persistence {
              journal { plugin = "akka.persistence.journal.chatakka", chatakka.class = "{{typeof(SqliteJournal).AssemblyQualifiedName}}" }
              snapshot-store { plugin = "akka.persistence.snapshot-store.chatakka", chatakka.class = "{{typeof(SqliteSnapshotStore).AssemblyQualifiedName}}" }
            }
            # Where the shards are is not history: it would only be wrong after a restart.
            akka.cluster.sharding.state-store-mode = ddata
            # A dead letter is logged with what is in it, and that is nobody's business.
            akka.log-dead-letters = off
            akka.log-dead-letters-during-shutdown = off
            """,
            HoconAddMode.Prepend)
        .WithRemoting("127.0.0.1", 0)
        .WithClustering()
        .AddStartup((system, _) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            return cluster.JoinAsync(cluster.SelfAddress);
        });
}
