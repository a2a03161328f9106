using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
#if AKKA_EMBEDDED
using Akka.Persistence;
#endif

namespace ChatAkka.Tests;

/// <summary>What differs between the runtimes for tests of persistent actors and of plugins: how a system is told its default
/// ones.</summary>
internal static class DefaultPlugins
{
    /// <param name="journal">The type of the journal, which has a constructor without arguments; null for the runtime's own, in
    /// memory.</param>
    /// <param name="snapshotStore">The type of the snapshot store, likewise.</param>
    public static Setup Of(Type? journal, Type? snapshotStore)
    {
#if AKKA_EMBEDDED
        var persistence = PersistenceSetup.Create();
        persistence = journal is null ? persistence : persistence.WithJournal(_ => new Props(journal));
        return snapshotStore is null ? persistence : persistence.WithSnapshotStore(_ => new Props(snapshotStore));
#else
        var config = new StringBuilder("akka.persistence.snapshot-store.plugin = \"akka.persistence.snapshot-store.inmem\"\n");
        config.Append(Plugin("journal", journal)).Append(Plugin("snapshot-store", snapshotStore));
        return BootstrapSetup.Create().WithConfig(config.ToString());

        static string Plugin(string kind, Type? type) => type is null ? "" :
            $$"""
            akka.persistence.{{kind}}.plugin = "akka.persistence.{{kind}}.tested"
            akka.persistence.{{kind}}.tested.class = "{{type.AssemblyQualifiedName}}"

            """;
#endif
    }
}
