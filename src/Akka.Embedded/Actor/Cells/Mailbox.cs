using System.Runtime.CompilerServices;

namespace Akka.Actor;

/// <summary>One queued message. It becomes the stash's link when the message is stashed, so stashing allocates nothing.</summary>
internal sealed class MessageNode(object message, IActorRef? sender)
{
    public MessageNode? Next;
    public object Message = message;
    public readonly IActorRef? Sender = sender;
}

/// <summary>
/// An unbounded FIFO queue of many producers and one consumer, after Vyukov's intrusive MPSC queue, but empty when it is
/// empty: it has no stub node, so an idle actor holds none.
/// </summary>
/// <remarks>
/// A producer swaps itself in as the last node, then links its predecessor to itself; between the two steps the chain is
/// broken and the consumer waits, for some instructions of the producer. The producer whose predecessor is null has made
/// an empty queue non-empty: it alone must see that the consumer runs. The consumer empties the queue by swapping its
/// last node for null; when that fails a producer is about to link, see above. As long as there is a next node, the
/// consumer does not touch the producers' end.
/// The two ends are the cell's fields, not a structure of their own, because they must lie in different cache lines.
/// </remarks>
internal static class Mailbox
{
    /// <summary>Appends; true when the queue was empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Enqueue(ref MessageNode? last, ref MessageNode? first, MessageNode node)
    {
        var previous = Interlocked.Exchange(ref last, node);
        if (previous is null)
        {
            Volatile.Write(ref first, node);
            return true;
        }

        Volatile.Write(ref previous.Next, node);
        return false;
    }

    /// <summary>Takes the oldest message. Consumer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MessageNode? Dequeue(ref MessageNode? last, ref MessageNode? first)
    {
        var node = Volatile.Read(ref first);
        if (node is null)
        {
            if (Volatile.Read(ref last) is null)
                return null;
            node = AwaitLink(ref first);
        }

        var next = Volatile.Read(ref node.Next);
        if (next is null)
            return DequeueLast(ref last, ref first, node);
        first = next;
        // A node that was promoted must not keep its successors alive.
        node.Next = null;
        return node;
    }

    /// <summary>Puts a chain before the oldest message. Consumer only.</summary>
    public static void Prepend(ref MessageNode? last, ref MessageNode? first, MessageNode chainFirst, MessageNode chainLast)
    {
        chainLast.Next = null;
        if (Volatile.Read(ref last) is null && Interlocked.CompareExchange(ref last, chainLast, null) is null)
        {
            // A producer that came meanwhile has linked itself behind the chain's last node and leaves the first alone.
            Volatile.Write(ref first, chainFirst);
            return;
        }

        chainLast.Next = AwaitLink(ref first);
        Volatile.Write(ref first, chainFirst);
    }

    private static MessageNode DequeueLast(ref MessageNode? last, ref MessageNode? first, MessageNode node)
    {
        // Before the swap: after it, the first node belongs to the next producer.
        first = null;
        if (Interlocked.CompareExchange(ref last, null, node) == node)
            return node;
        first = AwaitLink(ref node.Next);
        node.Next = null;
        return node;
    }

    private static MessageNode AwaitLink(ref MessageNode? link)
    {
        MessageNode? node;
        var spinner = new SpinWait();
        while ((node = Volatile.Read(ref link)) is null)
            spinner.SpinOnce();
        return node;
    }
}
