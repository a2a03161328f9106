using ChatAkka.Storage.Nodes;

namespace ChatAkka.Storage.InMemory;

/// <summary>What nodes have recorded of themselves in a store in memory.</summary>
internal sealed class InMemoryNodeRecords(InMemoryStore store, InMemoryData data) : INodeRecords
{
    /// <inheritdoc/>
    public Task<IReadOnlySet<int>> ListAsync(CancellationToken cancel) =>
        store.UseAsync<PresenceData, IReadOnlySet<int>>(data.Presence, presence => presence.Alive.Keys.ToHashSet(), cancel);

    /// <inheritdoc/>
    public async Task<int> RecoverAsync(IReadOnlyCollection<NodeLease> dead, long? reviewAt, CancellationToken cancel)
    {
        var offline = 0;
        foreach (var node in dead.Append(NodeRecords.Before))
        {
            // Of several parts of the data, in one order: leases, presence, reviews, outbox.
            offline += await store.UseAsync(
                data.Leases,
                leases =>
                {
                    lock (data.Presence)
                    {
                        return IsDead(leases, node) ? Recover(node, reviewAt) : 0;
                    }
                },
                cancel).ConfigureAwait(false);
        }

        return offline;
    }

    private static bool IsDead(LeaseData leases, NodeLease node) =>
        node.Node == NodeRecords.Nobody || leases.GetValueOrDefault(node.Node) == node;

    private int Recover(NodeLease node, long? reviewAt)
    {
        var presence = data.Presence;
        presence.Alive.Remove(node.Node, out var alive);
        var offline = 0;
        foreach (var user in presence.Nodes.Keys.ToArray())
        {
            if (!presence.Go(user, node.Node))
            {
                continue;
            }

            presence.Touch(user, alive.At);
            if (!presence.Nodes.ContainsKey(user))
            {
                offline++;
                if (reviewAt is { } at)
                {
                    lock (data.Reviews)
                    {
                        data.Reviews[user] = at;
                    }
                }
            }
        }

        lock (data.Outbox)
        {
            data.Outbox.Unclaim(node.Holder);
        }

        return offline;
    }
}
