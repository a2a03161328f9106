using System.Runtime.InteropServices;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Storage.Nodes;

namespace ChatAkka.Storage.InMemory;

/// <summary>The presence of each user.</summary>
internal sealed class PresenceData
{
    public Dictionary<UserId, PresenceRecord> Records { get; } = [];

    /// <summary>At which nodes each user is online; without those who are nowhere.</summary>
    public Dictionary<UserId, HashSet<int>> Nodes { get; } = [];

    /// <summary>When each node was last known to run, in ms since the Unix epoch, and who had its number then; nobody once somebody is
    /// recovering what it left.</summary>
    public Dictionary<int, (string Holder, long At)> Alive { get; } = [];

    public void Come(UserId user, int node) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(Nodes, user, out _) ??= []).Add(node);

    /// <summary>True if the user was online at the node.</summary>
    public bool Go(UserId user, int node)
    {
        if (!Nodes.TryGetValue(user, out var nodes) || !nodes.Remove(node))
        {
            return false;
        }

        if (nodes.Count == 0)
        {
            Nodes.Remove(user);
        }

        return true;
    }

    /// <summary>Notes that a user was active, and whether they are online.</summary>
    public void Touch(UserId user, long at) => Records[user] = new PresenceRecord(
        user, Nodes.ContainsKey(user), Math.Max(Records.GetValueOrDefault(user).LastActiveAt, at));
}

/// <summary>Presence of a store in memory, as a node writes it.</summary>
internal sealed class InMemoryPresence(InMemoryStore store, PresenceData data, NodeLease node) : IPresenceStore
{
    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyCollection<PresenceRecord> records, CancellationToken cancel) => store.UseAsync(
        data,
        presence =>
        {
            foreach (var record in records)
            {
                Save(presence, record);
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<bool> MarkAliveAsync(long now, CancellationToken cancel) => store.UseAsync(
        data,
        presence =>
        {
            var (holder, at) = presence.Alive.GetValueOrDefault(node.Node);
            presence.Alive[node.Node] = (node.Holder, Math.Max(at, now));
            return holder == node.Holder;
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<UserId, long>> LoadAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel) =>
        store.UseAsync<PresenceData, IReadOnlyDictionary<UserId, long>>(
            data,
            presence => users.Distinct().Where(presence.Records.ContainsKey)
                .ToDictionary(user => user, user => presence.Records[user].LastActiveAt),
            cancel);

    private void Save(PresenceData presence, in PresenceRecord record)
    {
        if (record.IsOnline)
        {
            presence.Come(record.User, node.Node);
            presence.Alive.TryAdd(node.Node, ("", 0));
        }
        else
        {
            presence.Go(record.User, node.Node);
        }

        presence.Touch(record.User, record.LastActiveAt);
    }
}
