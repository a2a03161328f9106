using ChatAkka.Storage.Nodes;

namespace ChatAkka.Storage.InMemory;

/// <summary>The last lease of each node number: it stays when it has ended, as it says until when its number was in use.</summary>
internal sealed class LeaseData : Dictionary<int, NodeLease>;

/// <summary>Node leases of a store in memory.</summary>
internal sealed class InMemoryNodeLeases(InMemoryStore store, LeaseData data, LeaseTerm term) : INodeLeases
{
    /// <inheritdoc/>
    public Task<NodeLease> AcquireAsync(string holder, CancellationToken cancel) => store.UseAsync(
        data,
        leases =>
        {
            var node = Choose(leases, holder);
            return leases[node] = term.Begin(node, holder);
        },
        cancel);

    /// <inheritdoc/>
    public Task<NodeLease?> RenewAsync(NodeLease lease, CancellationToken cancel) => store.UseAsync(
        data,
        leases => IsHeld(leases, lease)
            ? leases[lease.Node] = term.Extend(lease)
            : null,
        cancel);

    /// <inheritdoc/>
    public Task ReleaseAsync(NodeLease lease, CancellationToken cancel) => store.UseAsync(
        data,
        leases =>
        {
            if (IsHeld(leases, lease))
            {
                leases[lease.Node] = lease with { ExpiresAt = Math.Min(leases[lease.Node].ExpiresAt, term.Now) };
            }
        },
        cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeLease>> ListAsync(CancellationToken cancel) =>
        store.UseAsync<LeaseData, IReadOnlyList<NodeLease>>(data, leases => [.. leases.Values], cancel);

    private static bool IsHeld(LeaseData leases, NodeLease lease) => leases.GetValueOrDefault(lease.Node)?.Holder == lease.Holder;

    private int Choose(LeaseData leases, string holder)
    {
        var now = term.Now;
        var free = leases.Values.FirstOrDefault(lease => lease.Holder == holder)
            ?? leases.Values.Where(lease => lease.ExpiresAt < now).MinBy(lease => lease.ExpiresAt);
        return free?.Node ?? leases.Count;
    }
}
