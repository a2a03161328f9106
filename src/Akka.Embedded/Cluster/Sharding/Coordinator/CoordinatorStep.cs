using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>One decision in the making: see <see cref="Coordination"/>.</summary>
internal sealed class CoordinatorStep(Coordination coordination)
{
    private readonly ImmutableList<CoordinatorEvent>.Builder _events = ImmutableList.CreateBuilder<CoordinatorEvent>();
    private readonly ImmutableList<CoordinatorEffect>.Builder _effects = ImmutableList.CreateBuilder<CoordinatorEffect>();
    private Coordination _now = coordination;

    public CoordinatorDecision Decide(CoordinatorInput input)
    {
        switch (input)
        {
            case RegionRegisters registers:
                Register(registers);
                break;
            case HomeAsked asked:
                AskHome(asked.ShardId, asked.Requester);
                break;
            case RegionChosen chosen:
                Allocate(chosen.ShardId, chosen.Region);
                break;
            case RebalanceDue:
                if (_now.IsComplete && !_now.State.Shards.IsEmpty)
                    _effects.Add(new ChooseShards());
                break;
            case ShardsChosen chosen:
                foreach (var shard in chosen.Shards.Order(StringComparer.Ordinal))
                    BeginHandOff(shard);
                break;
            case HandOffBegun begun:
                if (_now.HandOffs.TryGetValue(begun.ShardId, out var handOff) && handOff.Round == begun.Round)
                    Acknowledge(begun.ShardId, handOff, begun.Region);
                break;
            case ShardHasStopped stopped:
                Free(stopped);
                break;
            case RegionWantsToLeave leave:
                Leave(leave.Region);
                break;
            case RegionDied died:
                Bury(died.Region);
                break;
            case NodeDied died:
                foreach (var entry in _now.State.Regions.Concat(_now.State.Proxies).Where(entry => entry.Node == died.Node))
                    Bury(entry.Ref);
                break;
            case RetryDue:
                Retry();
                break;
            default:
                throw new ArgumentException($"Unknown input {input.GetType()}");
        }

        return new CoordinatorDecision(_now, _events.ToImmutable(), _effects.ToImmutable());
    }

    private void Register(RegionRegisters registers)
    {
        var region = registers.Region;
        foreach (var former in _now.State.All.Where(former => former.Path.Equals(region.Path) && !former.Equals(region)).ToList())
            Bury(former);

        if (!_now.State.Knows(region))
            Happen(new RegionAdded(region, registers.Node, registers.IsProxy));
        if (!_now.Registered.Contains(region))
        {
            _effects.Add(new WatchRegion(region));
            _now = _now with { Registered = _now.Registered.Add(region) };
            foreach (var shard in registers.Shards)
                Claim(shard, region);
        }

        _effects.Add(new TellRegion(region, new RegisterAck()));
        ServeAll();
    }

    /// <summary>A region runs a shard, as it says. The stored state should know that.</summary>
    private void Claim(string shard, IActorRef region)
    {
        if (!_now.State.Shards.TryGetValue(shard, out var owner))
            Happen(new ShardAllocated(shard, region));
        else if (!owner.Equals(region))
            _effects.Add(new TellRegion(region, new HandOff(shard, NextRound())));
    }

    private void AskHome(string shard, IActorRef requester)
    {
        // It registers, and asks again.
        if (!_now.Registered.Contains(requester))
            return;
        var waiting = _now.Waiting.GetValueOrDefault(shard, []);
        if (!waiting.Contains(requester))
            _now = _now with { Waiting = _now.Waiting.SetItem(shard, waiting.Add(requester)) };
        Serve(shard);
    }

    private void ServeAll()
    {
        foreach (var shard in _now.Waiting.Keys)
            Serve(shard);
    }

    /// <summary>Tells those that wait for a shard's home, or has one chosen.</summary>
    private void Serve(string shard)
    {
        if (_now.HandOffs.ContainsKey(shard) || !_now.Waiting.TryGetValue(shard, out var waiting))
            return;
        if (_now.State.Shards.TryGetValue(shard, out var home))
        {
            foreach (var requester in waiting)
                _effects.Add(new TellRegion(requester, new ShardLivesAt(shard, home)));
            _now = _now with { Waiting = _now.Waiting.Remove(shard) };
        }
        else if (_now.IsComplete && !_now.Choosing.Contains(shard) && !_now.Candidates.IsEmpty)
        {
            _now = _now with { Choosing = _now.Choosing.Add(shard) };
            _effects.Add(new ChooseRegion(shard, waiting[0]));
        }
    }

    private void Allocate(string shard, IActorRef? region)
    {
        _now = _now with { Choosing = _now.Choosing.Remove(shard) };
        // A home that can't be is chosen anew when it is asked for again.
        if (!_now.State.Shards.ContainsKey(shard) && _now.IsComplete && region is not null && _now.Candidates.ContainsKey(region))
        {
            Happen(new ShardAllocated(shard, region));
            if (!_now.Waiting.GetValueOrDefault(shard, []).Contains(region))
                _effects.Add(new TellRegion(region, new ShardLivesAt(shard, region)));
            Serve(shard);
        }
    }

    private void BeginHandOff(string shard)
    {
        if (_now.HandOffs.ContainsKey(shard) || !_now.State.Shards.TryGetValue(shard, out var owner))
            return;
        var progress = new HandOffProgress(NextRound(), owner, [.. _now.State.All], 0);
        Progress(shard, progress);
        foreach (var region in progress.Awaited)
            _effects.Add(new TellRegion(region, new BeginHandOff(shard, progress.Round)));
    }

    private void Acknowledge(string shard, HandOffProgress handOff, IActorRef region)
    {
        if (!handOff.Awaited.Contains(region))
            return;
        handOff = handOff with { Awaited = handOff.Awaited.Remove(region), Retries = 0 };
        Progress(shard, handOff);
        if (handOff.IsStopping)
            _effects.Add(new TellRegion(handOff.Owner, new HandOff(shard, handOff.Round)));
    }

    private void Free(ShardHasStopped stopped)
    {
        if (!_now.HandOffs.TryGetValue(stopped.ShardId, out var handOff) || handOff.Round != stopped.Round || !handOff.IsStopping)
            return;
        Happen(new ShardFreed(stopped.ShardId));
        _now = _now with { HandOffs = _now.HandOffs.Remove(stopped.ShardId) };
        Serve(stopped.ShardId);
        if (_now.Leaving.Contains(handOff.Owner))
            LetGoIfEmpty(handOff.Owner);
    }

    private void Leave(IActorRef region)
    {
        if (_now.State.Region(region) is { } entry)
        {
            _now = _now with { Leaving = _now.Leaving.Add(region) };
            foreach (var shard in entry.Shards)
                BeginHandOff(shard);
        }

        LetGoIfEmpty(region);
    }

    private void LetGoIfEmpty(IActorRef region)
    {
        if (_now.State.Region(region) is not { Shards.IsEmpty: false })
            _effects.Add(new TellRegion(region, new RegionIsEmpty()));
    }

    private void Bury(IActorRef region)
    {
        if (!_now.State.Knows(region))
            return;
        Happen(new RegionGone(region));
        var waiting = _now.Waiting
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Remove(region)))
            .Where(static entry => !entry.Value.IsEmpty);
        _now = _now with
        {
            Registered = _now.Registered.Remove(region),
            Leaving = _now.Leaving.Remove(region),
            HandOffs = _now.HandOffs.RemoveRange(_now.HandOffs.Where(h => h.Value.Owner.Equals(region)).Select(static h => h.Key)),
            Waiting = waiting.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        foreach (var (shard, handOff) in _now.HandOffs)
            Acknowledge(shard, handOff, region);
        ServeAll();
    }

    private void Retry()
    {
        foreach (var (shard, handOff) in _now.HandOffs)
        {
            if (handOff.IsStopping)
            {
                // Without an end: the region stops the shard in bounded time, or dies.
                _effects.Add(new TellRegion(handOff.Owner, new HandOff(shard, handOff.Round)));
            }
            else if (handOff.Retries < _now.MaxRetries)
            {
                Progress(shard, handOff with { Retries = handOff.Retries + 1 });
                foreach (var region in handOff.Awaited)
                    _effects.Add(new TellRegion(region, new BeginHandOff(shard, handOff.Round)));
            }
            else
            {
                _now = _now with { HandOffs = _now.HandOffs.Remove(shard) };
            }
        }

        ServeAll();
    }

    private void Happen(CoordinatorEvent happened)
    {
        _events.Add(happened);
        _now = _now with { State = _now.State.Apply(happened) };
    }

    private void Progress(string shard, HandOffProgress progress) =>
        _now = _now with { HandOffs = _now.HandOffs.SetItem(shard, progress) };

    private long NextRound()
    {
        _now = _now with { Round = _now.Round + 1 };
        return _now.Round;
    }
}
