using System.Collections.Immutable;
using ChatAkka.Domain.Contacts;

namespace ChatAkka.Domain.Channels;

/// <summary>What <see cref="Channel.Decide"/> makes of a command.</summary>
public abstract record Decision;

/// <summary>Persist the events (there may be none: a repeat, a query), apply them, then reply.</summary>
public sealed record Accepted(ImmutableArray<ChannelEvent> Events, ChannelReply Reply) : Decision;

/// <summary>Nothing changes; the reply says why.</summary>
public sealed record Declined(Refused Reply) : Decision;

/// <summary>Can't decide without facts from outside the state: load them and decide again.</summary>
/// <param name="Users">Which of these don't exist?</param>
/// <param name="Ranges">The timeline's events with these ids: one of them may be an earlier attempt of this send, or the message replied
/// to.</param>
/// <param name="Target">A message whose annotations are wanted, too; 0 for none.</param>
public sealed record Undecided(ImmutableArray<Identity.UserId> Users, ImmutableArray<IdRange> Ranges, long Target = 0) : Decision
{
    /// <summary>Nothing but this is asked: who of the direct channel's two users has blocked the other? The answer isn't part of the facts,
    /// it holds for later commands, too.</summary>
    public bool WantsBlocks { get; init; }
}

/// <summary>Ids from <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
public readonly record struct IdRange(long From, long To);

/// <summary>The facts that an <see cref="Undecided"/> asked for.</summary>
/// <param name="MissingUsers">Those of the users asked for that don't exist.</param>
/// <param name="Events">The events of the ranges asked for, in any order.</param>
/// <param name="Target">The message whose annotations were asked for; 0 for none.</param>
/// <param name="Annotations">The newest of each slot of that message, in any order.</param>
public sealed record Facts(
    ImmutableArray<Identity.UserId> MissingUsers, ImmutableArray<ChannelEvent> Events, long Target, ImmutableArray<Annotation> Annotations)
{
    /// <summary>Facts without a message.</summary>
    public Facts(ImmutableArray<Identity.UserId> missingUsers, ImmutableArray<ChannelEvent> events) : this(missingUsers, events, 0, [])
    {
    }
}

/// <summary>What a decision depends on besides state and command.</summary>
/// <param name="Now">Ms since the Unix epoch.</param>
/// <param name="MaxGroupSize">Members a group may have.</param>
/// <param name="Blocks">Who of a direct channel's two users has blocked the other; null as long as nobody has looked.</param>
/// <param name="Facts">Null at the first attempt.</param>
public sealed record DecisionContext(long Now, int MaxGroupSize, BlockState? Blocks, Facts? Facts);
