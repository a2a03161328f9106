using System.Collections.Immutable;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Tests.Channels;

/// <summary>
/// Does with a channel what its actor does, in memory: decides commands in batches against a speculative state, fetches the
/// facts that a decision lacks, and persists the events of a batch at once (or loses them).
/// </summary>
internal sealed class TestChannel(ChannelId id, int maxGroupSize = 100, params UserId[] missing)
{
    private readonly List<ChannelEvent> _pending = [];

    /// <summary>The persisted events.</summary>
    public List<ChannelEvent> Timeline { get; } = [];

    /// <summary>The state of the persisted events.</summary>
    public ChannelState State { get; private set; } = ChannelState.Empty(id);

    /// <summary>The state that the next command of the batch is decided against.</summary>
    public ChannelState Speculative { get; private set; } = ChannelState.Empty(id);

    public long Now { get; set; } = 1_000;

    /// <summary>Who has blocked whom.</summary>
    public BlockState Blocks { get; set; }

    /// <summary>Ranges that decisions asked for so far.</summary>
    public List<IdRange> Asked { get; } = [];

    public IEnumerable<ChannelEvent> All => Timeline.Concat(_pending);

    /// <summary>Decides a command of the batch.</summary>
    public Decision Decide(ChannelCommand command)
    {
        Facts? facts = null;
        while (true)
        {
            var decision = Channel.Decide(Speculative, command, new DecisionContext(Now, maxGroupSize, Blocks, facts));
            if (decision is Undecided { WantsBlocks: true })
            {
                throw new InvalidOperationException("the blocks are known");
            }

            if (decision is Undecided undecided)
            {
                facts.ShouldBeNull("the facts cover what was asked for");
                Asked.AddRange(undecided.Ranges);
                facts = new Facts(
                    [.. undecided.Users.Intersect(missing)],
                    [.. undecided.Ranges.SelectMany(Read)],
                    undecided.Target,
                    [
                        .. All.OfType<Annotation>().Where(a => a.Target == undecided.Target).GroupBy(a => a.Slot)
                            .Select(slot => slot.Last()),
                    ]);
                continue;
            }

            if (decision is Accepted accepted)
            {
                foreach (var e in accepted.Events)
                {
                    Add(e);
                }
            }

            return decision;
        }
    }

    /// <summary>Makes an event, as decided, part of the batch.</summary>
    public void Add(ChannelEvent e)
    {
        Speculative = Channel.Apply(Speculative, e);
        _pending.Add(e);
    }

    public void Persist()
    {
        Timeline.AddRange(_pending);
        State = _pending.Aggregate(State, Channel.Apply);
        _pending.Clear();
    }

    /// <summary>The store refused the batch.</summary>
    public void Lose()
    {
        _pending.Clear();
        Speculative = State;
    }

    /// <summary>A batch of one.</summary>
    public ChannelReply Do(ChannelCommand command)
    {
        var decision = Decide(command);
        Persist();
        return decision switch
        {
            Accepted accepted => accepted.Reply,
            Declined declined => declined.Reply,
            _ => throw new InvalidOperationException("undecided"),
        };
    }

    private IEnumerable<ChannelEvent> Read(IdRange range)
    {
        for (var i = range.From; i <= range.To; i++)
        {
            yield return i <= Timeline.Count ? Timeline[(int)i - 1] : _pending[(int)i - 1 - Timeline.Count];
        }
    }
}
