namespace ChatAkka.Storage.Nodes;

/// <summary>A row of <c>node_lease</c>, as Dapper reads it.</summary>
internal sealed record LeaseRow(long Node, string Holder, long ExpiresAt)
{
    /// <summary>What follows the number, which is a 64-bit one here whatever it is in the table, in the statement that selects all.</summary>
    public const string SelectRest = "holder AS Holder, expires_at AS ExpiresAt FROM node_lease ORDER BY node";

    public NodeLease ToLease() => new((int)Node, Holder, ExpiresAt);
}
