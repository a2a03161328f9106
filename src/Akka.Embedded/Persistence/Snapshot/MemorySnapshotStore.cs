namespace Akka.Persistence.Snapshot;

/// <summary>
/// Keeps snapshots in memory. They are kept as the objects they are: a persistent actor must not change what it has saved.
/// Thread-safe, as subclasses may delay or reorder the calls.
/// </summary>
public class MemorySnapshotStore : SnapshotStore
{
    // Ascending by sequence number within each persistence id.
    private readonly Dictionary<string, List<SelectedSnapshot>> _snapshots = [];

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_snapshots)
        {
            return Task.FromResult(
                _snapshots.TryGetValue(persistenceId, out var saved)
                    ? saved.FindLast(snapshot => criteria.Matches(snapshot.Metadata))
                    : null);
        }
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        lock (_snapshots)
        {
            if (!_snapshots.TryGetValue(metadata.PersistenceId, out var saved))
                _snapshots.Add(metadata.PersistenceId, saved = []);

            var index = saved.FindIndex(other => other.Metadata.SequenceNr >= metadata.SequenceNr);
            if (index < 0)
            {
                saved.Add(new SelectedSnapshot(metadata, snapshot));
            }
            else if (saved[index].Metadata.SequenceNr == metadata.SequenceNr)
            {
                saved[index] = new SelectedSnapshot(metadata, snapshot);
            }
            else
            {
                saved.Insert(index, new SelectedSnapshot(metadata, snapshot));
            }
        }

        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        Delete(metadata.PersistenceId, saved =>
            saved.SequenceNr == metadata.SequenceNr
            && (metadata.Timestamp == DateTime.MinValue || saved.Timestamp == metadata.Timestamp));

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Delete(persistenceId, criteria.Matches);

    private Task Delete(string persistenceId, Func<SnapshotMetadata, bool> selects)
    {
        lock (_snapshots)
        {
            if (_snapshots.TryGetValue(persistenceId, out var saved))
                saved.RemoveAll(snapshot => selects(snapshot.Metadata));
        }

        return Task.CompletedTask;
    }
}
