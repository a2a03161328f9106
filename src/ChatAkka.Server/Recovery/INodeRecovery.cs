namespace ChatAkka.Server.Recovery;

/// <summary>Sees to what dead nodes leave behind in the store that they shared with this one.</summary>
internal interface INodeRecovery
{
    /// <summary>
    /// A node is known to be dead. What it left is seen to at once instead of when its lease has ended, and all channels that have something
    /// to deliver are taken up. Returns at once; may be said any number of times, by any number of nodes, and of a node that isn't dead after
    /// all, which then records anew what was taken from it.
    /// </summary>
    /// <param name="holder">Who held the node's lease (<see cref="Storage.Nodes.NodeLease.Holder"/>).</param>
    void Died(string holder);
}
