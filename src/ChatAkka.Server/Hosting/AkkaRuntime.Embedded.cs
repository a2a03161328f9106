using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using ChatAkka.Storage.Journals.Sqlite;

namespace ChatAkka.Server.Hosting;

/// <summary>What differs between the runtimes; this is <c>AkkaRuntime=embedded</c>.</summary>
internal static class AkkaRuntime
{
    /// <summary>A system of one node whose journal and snapshots are on the embedded store.</summary>
    public static AkkaConfigurationBuilder WithEmbeddedStore(this AkkaConfigurationBuilder builder) => builder
        .WithJournal(_ => Props.Create(() => new SqliteJournal()))
        .WithSnapshot(_ => Props.Create(() => new SqliteSnapshotStore()));
}
