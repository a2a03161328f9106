namespace Akka.Actor;

/// <summary>
/// A stash made of the mailbox's own nodes: stashing and unstashing allocate nothing. An actor may own several; a
/// persistent actor has one of its own beside the user's. Touched by its cell only.
/// </summary>
internal sealed class MailboxStash(ActorCell cell) : IStash
{
    private MessageNode? _first;
    private MessageNode? _last;

    public int Count { get; private set; }

    public bool IsEmpty => _first is null;

    public bool NonEmpty => _first is not null;

    public bool IsFull => false;

    public int Capacity => -1;

    public void Stash()
    {
        var node = cell.CurrentNode ?? throw new IllegalActorStateException("There is no current message to stash");
        // A node that something follows, or that is last here, sits in this stash or, linked, in another.
        if (node == _last || node.Next is not null)
            throw new IllegalActorStateException($"{node.Message} is stashed already");
        Append(node);
    }

    public void Unstash()
    {
        if (_first is not { } node)
            return;
        _first = node.Next;
        if (_first is null)
            _last = null;
        Count--;
        cell.Prepend(node, node);
    }

    public void UnstashAll()
    {
        if (_first is null)
            return;
        var (first, last) = (_first, _last!);
        Clear();
        cell.Prepend(first, last);
    }

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        var node = _first;
        Clear();
        while (node is not null)
        {
            var next = node.Next;
            node.Next = null;
            if (predicate(new Envelope(node.Message, node.Sender)))
                Append(node);
            node = next;
        }

        UnstashAll();
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var envelopes = new List<Envelope>(Count);
        for (var node = _first; node is not null; node = node.Next)
            envelopes.Add(new Envelope(node.Message, node.Sender));
        Clear();
        return envelopes;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        var (first, last, count) = (_first, _last, Count);
        Clear();
        foreach (var envelope in envelopes)
            Append(new MessageNode(envelope.Message, envelope.Sender));
        if (first is null)
            return;
        if (_last is null)
            _first = first;
        else
            _last.Next = first;
        _last = last;
        Count += count;
    }

    private void Append(MessageNode node)
    {
        if (_last is null)
            _first = node;
        else
            _last.Next = node;
        _last = node;
        Count++;
    }

    private void Clear()
    {
        _first = null;
        _last = null;
        Count = 0;
    }
}
