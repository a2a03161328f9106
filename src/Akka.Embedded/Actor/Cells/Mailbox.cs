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
/// last node for null; when that fails a producer is about to link, see above.
/// </remarks>
internal struct Mailbox
{
    private MessageNode? _last;
    private MessageNode? _first;

    public readonly bool IsEmpty => Volatile.Read(in _last) is null;

    /// <summary>Appends; true when the queue was empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Enqueue(MessageNode node)
    {
        var previous = Interlocked.Exchange(ref _last, node);
        if (previous is null)
        {
            Volatile.Write(ref _first, node);
            return true;
        }

        Volatile.Write(ref previous.Next, node);
        return false;
    }

    /// <summary>Takes the oldest message. Consumer only.</summary>
    public MessageNode? Dequeue()
    {
        if (Volatile.Read(ref _last) is null)
            return null;
        var node = AwaitFirst();
        var next = Volatile.Read(ref node.Next);
        if (next is null)
        {
            // Before the swap: after it, the first node belongs to the next producer.
            _first = null;
            if (Interlocked.CompareExchange(ref _last, null, node) == node)
                return node;
            next = AwaitNext(node);
        }

        _first = next;
        // A node that was promoted must not keep its successors alive.
        node.Next = null;
        return node;
    }

    /// <summary>Puts a chain before the oldest message. Consumer only.</summary>
    public void Prepend(MessageNode first, MessageNode last)
    {
        last.Next = null;
        if (Volatile.Read(ref _last) is null && Interlocked.CompareExchange(ref _last, last, null) is null)
        {
            // A producer that came meanwhile has linked itself behind the chain's last node and leaves _first alone.
            Volatile.Write(ref _first, first);
            return;
        }

        last.Next = AwaitFirst();
        Volatile.Write(ref _first, first);
    }

    private MessageNode AwaitFirst()
    {
        var first = Volatile.Read(ref _first);
        if (first is not null)
            return first;
        var spinner = new SpinWait();
        while ((first = Volatile.Read(ref _first)) is null)
            spinner.SpinOnce();
        return first;
    }

    private static MessageNode AwaitNext(MessageNode node)
    {
        MessageNode? next;
        var spinner = new SpinWait();
        while ((next = Volatile.Read(ref node.Next)) is null)
            spinner.SpinOnce();
        return next;
    }
}
