using Akka.Actor;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Commands decided in a row, to be persisted together: one write and one fsync for all that waited while the last one was under way.
/// <see cref="State"/> runs ahead of the actor's own until the batch is committed; if it isn't, it is dropped with the batch, and no reply
/// has left.
/// </summary>
internal sealed class CommandBatch(ChannelState state)
{
    private const int MaxEvents = 256;
    private const int MaxTextLength = 1 << 20;
    private int _textLength;

    public ChannelState State { get; private set; } = state;

    public List<ChannelEvent> Events { get; } = [];

    public List<(PendingCommand Command, ChannelReply Reply)> Replies { get; } = [];

    /// <summary>The batch ends with a change of membership: what follows goes to other recipients.</summary>
    public bool ChangesMembers { get; private set; }

    public bool IsFull => ChangesMembers || Events.Count >= MaxEvents || _textLength >= MaxTextLength;

    public void Add(PendingCommand command, Accepted decision)
    {
        foreach (var e in decision.Events)
        {
            State = Channel.Apply(State, e);
            Events.Add(e);
            ChangesMembers |= e is ChannelCreated or MemberAdded or MemberRemoved;
            _textLength += e.TextLength;
        }

        Replies.Add((command, decision.Reply));
    }

    public void Add(PendingCommand command, Declined decision) => Replies.Add((command, decision.Reply));
}
