namespace Akka.Actor;

/// <summary>
/// The end of a cell that senders write to. It is a base class because the runtime lays a base's fields out before the
/// cell's own: senders and the running batch would otherwise pull one cache line back and forth with every message.
/// </summary>
internal abstract class CellInbox
{
    // Bits of Status.
    private protected const int Scheduled = 1;
    private protected const int Closed = 2;
    private protected const int Subscriber = 4;

    private protected MessageNode? LastMessage;
    private protected int Status;
}
