using System.Collections.Immutable;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Where a node is with the singleton; it only goes forward.</summary>
internal enum SingletonPhase
{
    /// <summary>It has never run here.</summary>
    Waiting,

    /// <summary>It runs here, or has run and stopped by itself.</summary>
    Running,

    /// <summary>It has been told to stop.</summary>
    Stopping,

    /// <summary>It doesn't run here and never will.</summary>
    Released,
}

/// <summary>
/// What one node knows of a singleton, and how it decides. Immutable, without actors.
/// </summary>
/// <remarks>
/// <para>A node may run the singleton once every member that is older has either been removed, or has told that it has released it. A member
/// is asked to release it only by a node that has seen it <see cref="MemberStatus.Exiting"/>, from where no way leads back: so a release is
/// for good, and a node that is asked, or sees itself exit, never starts the singleton any more. As members have one order of age, which all see
/// alike, two nodes that are members of one cluster never run it both.</para>
/// <para>A torn cluster has an oldest member in each part until one part is removed; hence
/// <see cref="ClusterSingletonManagerSettings.RemovalMargin"/>.</para>
/// </remarks>
internal sealed record SingletonState
{
    /// <param name="self">This node.</param>
    /// <param name="role">Of the nodes that may run the singleton; null for all.</param>
    public SingletonState(UniqueAddress self, string? role) => (Self, Members) = (self, MembersByAge.Of(role));

    public UniqueAddress Self { get; }

    public MembersByAge Members { get; private init; }

    public SingletonPhase Phase { get; private init; } = SingletonPhase.Waiting;

    /// <summary>The members that have told that they don't run the singleton and won't.</summary>
    public ImmutableHashSet<UniqueAddress> Released { get; private init; } = [];

    /// <summary>Who is to be told when this node has released it.</summary>
    public ImmutableList<UniqueAddress> Claimants { get; private init; } = [];

    private Member? SelfMember => Members.Find(Self);

    /// <summary>The members that have to go first.</summary>
    private IEnumerable<Member> Elder =>
        Members.Members.TakeWhile(member => member.UniqueAddress != Self).Where(member => !Released.Contains(member.UniqueAddress));

    public (SingletonState Next, ImmutableList<SingletonEffect> Effects) Decide(SingletonInput input) => input switch
    {
        MembersAre members => (this with { Members = members.Members }).OnMembers(),
        HandOverAsked asked => OnAsked(asked.By),
        HandOverCompleted completed => (this with { Released = Released.Add(completed.By) }).OnMembers(),
        SingletonStopped => OnStopped(),
        ReleaseWanted => Release(),
        HandOverRetryDue => (this, Ask()),
        _ => throw new ArgumentException($"Unknown input {input.GetType()}"),
    };

    private (SingletonState, ImmutableList<SingletonEffect>) OnMembers()
    {
        var kept = this with { Released = Released.Intersect(Members.Members.Select(static member => member.UniqueAddress)) };
        if (SelfMember?.Status == MemberStatus.Exiting)
            return kept.Release();
        if (Phase != SingletonPhase.Waiting || SelfMember?.Status is not (MemberStatus.Up or MemberStatus.Leaving))
            return (kept, []);
        return Elder.Any() ? (kept, Ask()) : (kept with { Phase = SingletonPhase.Running }, [new StartSingleton()]);
    }

    /// <summary>Asks those before this node, if it is next. Those that are down can't answer: they are waited for.</summary>
    private ImmutableList<SingletonEffect> Ask()
    {
        if (Phase != SingletonPhase.Waiting
            || SelfMember?.Status is not (MemberStatus.Up or MemberStatus.Leaving)
            || !Elder.Any()
            || Elder.Any(static member => member.Status is MemberStatus.Up or MemberStatus.Leaving))
            return [];
        var exiting = Elder.Where(static member => member.Status == MemberStatus.Exiting);
        return [.. exiting.Select(static member => new AskForHandOver(member.UniqueAddress)), new RetryHandOver()];
    }

    private (SingletonState, ImmutableList<SingletonEffect>) OnAsked(UniqueAddress by)
    {
        var (next, effects) = Release();
        var told = new TellReleased(by);
        if (next.Phase == SingletonPhase.Released)
            return (next, effects.Contains(told) ? effects : effects.Add(told));
        return (next with { Claimants = next.Claimants.Contains(by) ? next.Claimants : next.Claimants.Add(by) }, effects);
    }

    private (SingletonState, ImmutableList<SingletonEffect>) Release() => Phase switch
    {
        SingletonPhase.Waiting => Done(),
        SingletonPhase.Running => (this with { Phase = SingletonPhase.Stopping }, [new StopSingleton()]),
        _ => (this, []),
    };

    private (SingletonState, ImmutableList<SingletonEffect>) OnStopped() =>
        Phase == SingletonPhase.Stopping ? Done() : (this, []);

    private (SingletonState, ImmutableList<SingletonEffect>) Done()
    {
        // The next one is told, without being asked, if it can be seen.
        var next = Members.Members
            .SkipWhile(member => member.UniqueAddress != Self)
            .FirstOrDefault(member => member.UniqueAddress != Self && member.Status is MemberStatus.Up or MemberStatus.Leaving);
        var told = next is null || Claimants.Contains(next.UniqueAddress) ? Claimants : Claimants.Add(next.UniqueAddress);
        return (
            this with { Phase = SingletonPhase.Released, Claimants = [] },
            [.. told.Select(static node => new TellReleased(node)), new ReportReleased()]);
    }
}

/// <summary>What a node has to decide upon.</summary>
internal abstract record SingletonInput;

internal sealed record MembersAre(MembersByAge Members) : SingletonInput;

/// <summary>A younger member has seen this one exit.</summary>
internal sealed record HandOverAsked(UniqueAddress By) : SingletonInput;

/// <summary>A member has released the singleton.</summary>
internal sealed record HandOverCompleted(UniqueAddress By) : SingletonInput;

/// <summary>The singleton has stopped here, told to or by itself.</summary>
internal sealed record SingletonStopped : SingletonInput;

/// <summary>This node goes.</summary>
internal sealed record ReleaseWanted : SingletonInput;

internal sealed record HandOverRetryDue : SingletonInput;

/// <summary>What follows from a decision.</summary>
internal abstract record SingletonEffect;

internal sealed record StartSingleton : SingletonEffect;

/// <summary>Answered by <see cref="SingletonStopped"/>; at once if it has stopped before.</summary>
internal sealed record StopSingleton : SingletonEffect;

internal sealed record AskForHandOver(UniqueAddress Of) : SingletonEffect;

internal sealed record TellReleased(UniqueAddress To) : SingletonEffect;

/// <summary>Decide upon <see cref="HandOverRetryDue"/> after a while.</summary>
internal sealed record RetryHandOver : SingletonEffect;

/// <summary>Whoever waits for the release on this node can go on.</summary>
internal sealed record ReportReleased : SingletonEffect;
