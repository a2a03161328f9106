namespace Akka.Persistence;

/// <summary>What identifies a persistent actor and its stores.</summary>
public interface IPersistentIdentity
{
    /// <summary>The actor's identity in its journal: the same in every incarnation, and unique.</summary>
    string PersistenceId { get; }

    /// <summary>Null for the default journal.</summary>
    string? JournalPluginId { get; }

    /// <summary>Null for the default snapshot store.</summary>
    string? SnapshotPluginId { get; }
}
