using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// How far a user has got in one of their channels since this incarnation of the actor began, and the rule that keeps its events in
/// order and without gaps. Volatile.
/// </summary>
internal sealed class ChannelPosition
{
    private const int MaxAhead = 256; // as many events as a channel holds back at most

    /// <summary>
    /// Everything up to here was forwarded to the live sessions; -1 while unknown (no event and no read of the store yet).
    /// </summary>
    public long Head { get; private set; } = -1;

    /// <summary>Messages up to <see cref="Head"/>.</summary>
    public long N { get; private set; }

    /// <summary>When the event at <see cref="Head"/> happened, in ms since the Unix epoch.</summary>
    public long LastAt { get; private set; }

    /// <summary>The highest id heard of; above <see cref="Head"/> while the gap between them is read from the journal.</summary>
    public long Target { get; private set; } = -1;

    /// <summary>The highest id that the store knows to be delivered to any of the user's devices.</summary>
    public long Delivered { get; private set; }

    /// <summary>The user's read cursor as the store has it; 0 if it was never moved.</summary>
    public long Read { get; private set; }

    /// <summary>Messages up to <see cref="Read"/>.</summary>
    public long ReadN { get; private set; }

    public bool IsKnown => Head >= 0;

    public bool HasGap => Target > Head;

    /// <summary>The user joined just now: what they are sent begins after this id.</summary>
    public static ChannelPosition At(long id)
    {
        var position = new ChannelPosition();
        position.Head = position.Target = id;
        return position;
    }

    /// <summary>The part of a delivery that may be forwarded now; null if all of it was, or if a gap comes first.</summary>
    public Delivery? NextOf(Delivery delivery)
    {
        if (!IsKnown)
        {
            return delivery; // no session is live yet, or this position would be known
        }

        var (first, last) = (delivery.Events[0].Id, delivery.Events[^1].Id);
        if (HasGap || first > Head + 1 || last <= Head)
        {
            return null;
        }

        return first == Head + 1 ? delivery : delivery.After(Head);
    }

    public void AdvanceTo(ChannelEvent e)
    {
        (Head, N, LastAt) = (e.Id, e.N, e.At);
        Target = Math.Max(Target, Head);
    }

    /// <summary>The store has this receipt.</summary>
    /// <returns>What of it is news here; its cursors are 0 where nothing is.</returns>
    public ReceiptChange Learn(in Receipt receipt)
    {
        var delivered = receipt.Delivered > Delivered ? Delivered = receipt.Delivered : 0;
        if (receipt.Read <= Read)
        {
            return new ReceiptChange(receipt.User, delivered, 0);
        }

        (Read, ReadN) = (receipt.Read, receipt.ReadN);
        return new ReceiptChange(receipt.User, delivered, Read);
    }

    /// <summary>
    /// There is something up to <paramref name="id"/>. True if that opens a gap; false, too, if one was open: its repair goes on to the
    /// new <see cref="Target"/> by itself.
    /// </summary>
    public bool HearOf(long id)
    {
        var isRepairing = HasGap;
        Target = Math.Max(Target, id);
        return HasGap && !isRepairing;
    }

    /// <summary>
    /// What is believed of a device that claims to have everything up to <paramref name="id"/>. It may be ahead of its user: the channel's
    /// <c>ok</c> for its own message can overtake the event. It may not be far ahead: who claims to have what there isn't would miss what
    /// comes.
    /// </summary>
    public long Plausible(long id) => id <= Target + MaxAhead ? id : Math.Min(id, Target);
}
