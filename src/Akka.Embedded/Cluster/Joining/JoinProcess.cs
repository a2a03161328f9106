using System.Collections.Immutable;
using System.Numerics;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>
/// The way into a cluster: find a seed node that is in one, ask it to be let in, and begin anew if that takes too long. It never gives up.
/// Touched by the daemon only.
/// </summary>
internal sealed class JoinProcess(UniqueAddress self, ClusterSetup setup, JoinTerms terms, IClusterHost host)
{
    // Seeds are asked more often than their time-out, because the first question may get lost while links are being opened.
    private const int QuestionsPerTimeout = 4;

    // So many time-outs are waited for an answer of nodes that are there: one that is busy, or stands still, may be in a cluster.
    private const int TimeoutsOfSilence = 5;

    private readonly HashSet<Address> _outsiders = [];
    private ImmutableArray<Address> _seeds = [];
    private Address? _joining;
    private bool _knowsOfCluster;
    private TimeSpan _hopesUntil;
    private TimeSpan _deadline;
    private TimeSpan _nextQuestion;
    private int _attempts;

    /// <summary>Somewhere on the way.</summary>
    public bool IsUnderway => _joining is not null || !_seeds.IsEmpty;

    private bool IsFirstSeed => _seeds is [var first, ..] && first == self.Address;

    private IEnumerable<Address> OtherSeeds => _seeds.Where(seed => seed != self.Address);

    /// <summary>True when this node is to be the first of a cluster.</summary>
    public bool ToSeeds(IEnumerable<Address> seeds)
    {
        Stop();
        _seeds = [.. seeds.Where(IsOfThisSystem).Distinct()];
        _attempts = 0;
        HopeForAnswers();
        if (_seeds.IsEmpty)
            return false;
        if (_seeds is [var only] && only == self.Address)
            return true;
        AskSeeds();
        return false;
    }

    /// <inheritdoc cref="ToSeeds"/>
    public bool To(Address address)
    {
        Stop();
        if (address == self.Address)
            return true;
        if (IsOfThisSystem(address))
            AskToJoin(address);
        return false;
    }

    /// <summary>The node is in, or will never be.</summary>
    public void Stop()
    {
        _seeds = [];
        _joining = null;
        _attempts = 0;
        _knowsOfCluster = false;
        _outsiders.Clear();
    }

    /// <inheritdoc cref="ToSeeds"/>
    public bool Tick()
    {
        if (!IsUnderway)
            return false;
        var now = host.Now;
        if (now < _deadline)
        {
            if (_joining is null && now >= _nextQuestion)
                SendQuestions();
            return false;
        }

        if (_joining is null && IsFirstSeed && MayBegin(now))
            return true;
        LogRetry();
        if (_seeds.IsEmpty)
            AskToJoin(_joining!);
        else
            AskSeeds();
        return false;
    }

    /// <summary>A seed node is in a cluster.</summary>
    public void Accepted(InitJoinAck ack)
    {
        if (!_seeds.Contains(ack.From))
            return;
        _knowsOfCluster = true;
        HopeForAnswers();
        if (_joining is null)
            AskToJoin(ack.From);
    }

    /// <summary>A seed node is in no cluster. True when this node is to be the first of one.</summary>
    public bool Refused(InitJoinNack nack)
    {
        if (_joining is not null || !_seeds.Contains(nack.From))
            return false;
        _outsiders.Add(nack.From);
        return IsFirstSeed && OtherSeeds.All(_outsiders.Contains);
    }

    /// <summary>Whether this is the answer to the question that was asked last.</summary>
    public bool IsWelcomedBy(UniqueAddress node) => _joining == node.Address;

    private bool IsOfThisSystem(Address address)
    {
        var isOfThisSystem = address.System == self.Address.System && address.Protocol == self.Address.Protocol;
        if (!isOfThisSystem)
            host.Log.Warning("{0} can't join {1}, which is no address of a system such as this", self.Address, address);
        return isOfThisSystem;
    }

    private void HopeForAnswers() => _hopesUntil = host.Now + setup.SeedNodeTimeout * TimeoutsOfSilence;

    /// <summary>Nobody can be expected to let this node in: the others are outside too, or nobody is there, or they have been silent for long.</summary>
    private bool MayBegin(TimeSpan now) => now >= _hopesUntil
        || (!_knowsOfCluster && OtherSeeds.All(seed => _outsiders.Contains(seed) || !host.IsThere(seed)));

    private void AskSeeds()
    {
        _joining = null;
        _outsiders.Clear();
        _deadline = host.Now + setup.SeedNodeTimeout;
        SendQuestions();
    }

    private void SendQuestions()
    {
        _nextQuestion = host.Now + setup.SeedNodeTimeout / QuestionsPerTimeout;
        var question = new InitJoin(self, terms);
        foreach (var seed in OtherSeeds)
            host.Send(seed, question);
    }

    private void AskToJoin(Address address)
    {
        _joining = address;
        _deadline = host.Now + setup.RetryUnsuccessfulJoinAfter;
        host.Send(address, new Join(self, setup.Roles, terms));
    }

    // The first time, the second, the fourth, the eighth: a node may wait for its cluster for days.
    private void LogRetry()
    {
        _attempts++;
        if (!BitOperations.IsPow2(_attempts))
            return;
        var goal = _seeds.IsEmpty ? _joining!.ToString() : $"the seed nodes [{string.Join(", ", _seeds)}]";
        host.Log.Warning("Couldn't join {0} yet, after {1} attempts; going on", goal, _attempts);
    }
}
