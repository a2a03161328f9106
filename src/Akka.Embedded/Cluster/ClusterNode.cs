using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.SBR;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>
/// A node's membership, as a state machine: commands, messages and ticks go in, messages and changes of state come out through its
/// <see cref="IClusterHost"/>. It knows no actors and no clock, so that a whole cluster of them can be run by a test.
/// </summary>
/// <remarks>
/// The life of a member: it asks to join and is <see cref="MemberStatus.Joining"/>. The leader, which is the first member by address, moves
/// members on, but only when all know the current version (<see cref="MembershipState.IsConverged"/>), so that no two leaders decide from
/// different knowledge: to <see cref="MemberStatus.Up"/>, from <see cref="MemberStatus.Leaving"/> to <see cref="MemberStatus.Exiting"/>, and
/// out. Who doesn't answer heartbeats stops all this, until it answers again or is <see cref="MemberStatus.Down"/>.
/// </remarks>
internal sealed class ClusterNode
{
    private readonly UniqueAddress _self;
    private readonly ClusterSetup _setup;
    private readonly IClusterHost _host;
    private readonly JoinProcess _joining;
    private readonly Admission _admission;
    private readonly TwinClusterWatch _twins;
    private readonly GossipExchange _gossip;
    private readonly Heartbeats _heartbeats;
    private readonly Heartbeat _heartbeat;
    private readonly PauseDetector _pauses;
    private readonly SplitBrainResolver _resolver;
    private ImmutableSortedSet<UniqueAddress> _exitingConfirmed = [];
    private bool _isExiting;
    private bool _hasEnded;

    public ClusterNode(UniqueAddress self, ClusterSetup setup, IClusterHost host)
    {
        _self = self;
        _setup = setup;
        _host = host;
        var terms = JoinTerms.Of(setup);
        _joining = new JoinProcess(self, setup, terms, host);
        _admission = new Admission(self, terms, host);
        _twins = new TwinClusterWatch(self, terms, host);
        _gossip = new GossipExchange(self, setup, host);
        _heartbeats = new Heartbeats(self, setup);
        _heartbeat = new Heartbeat(self);
        _pauses = new PauseDetector(setup.HeartbeatInterval, setup.AcceptableHeartbeatPause / 2);
        _resolver = new SplitBrainResolver(setup);
        State = new MembershipState(Gossip.Empty, self);
    }

    public MembershipState State { get; private set; }

    private bool IsMember => State.SelfMember is not null;

    public void JoinSeeds(IReadOnlyCollection<Address> seeds)
    {
        if (!MayJoin())
            return;
        _twins.Expect(seeds);
        if (_joining.ToSeeds(seeds))
            BecomeFirst();
    }

    public void JoinTo(Address address)
    {
        if (MayJoin() && _joining.To(address))
            BecomeFirst();
    }

    public void Leave(Address address)
    {
        if (!_hasEnded && State.Gossip.MemberAt(address) is { Status: MemberStatus.Joining or MemberStatus.Up } member)
            ChangeAndLead(State.Gossip.WithMember(member.Copy(MemberStatus.Leaving)));
    }

    public void Down(Address address)
    {
        if (_hasEnded)
            return;
        if (State.Gossip.MemberAt(address) is not { Status: < MemberStatus.Down } member)
            _host.Log.Info("Ignoring the downing of {0}, which is no member, or down already", address);
        else
            ChangeAndLead(State.Gossip.WithMember(member.Copy(MemberStatus.Down)));
    }

    /// <summary>The node at an address takes nothing from this one any more, because it was declared dead.</summary>
    public void RefusedBy(Address address)
    {
        if (!_hasEnded && State.Gossip.MemberAt(address) is { } member)
            Receive(new YouAreRemoved(member.UniqueAddress, _self));
    }

    /// <summary>A link to an address was refused by the machine there: whoever is a member at it doesn't listen, and need not be waited for to
    /// fall silent.</summary>
    public void NobodyListensAt(Address address)
    {
        if (!_hasEnded && State.Gossip.MemberAt(address) is { } member)
            _heartbeats.Refused(member.UniqueAddress);
    }

    /// <summary>What <see cref="IClusterHost.Exit"/> asked for is done.</summary>
    public void ExitCompleted()
    {
        if (_hasEnded || !_isExiting)
            return;
        _isExiting = false;
        State = new MembershipState(State.Gossip.WithSeen(_self), _self);
        _gossip.TellOfOwnChange(State);
        // Any of them may be the leader soon. Who doesn't get it finds this node unreachable, and removes it then.
        foreach (var member in State.Members.Keys.Where(State.MayGossipTo))
            _host.Send(member.Address, new ExitingConfirmed(_self));
        End(ClusterEnd.Left);
    }

    public void Receive(IClusterMessage message)
    {
        if (_hasEnded)
            return;
        switch (message)
        {
            case GossipEnvelope envelope:
                Receive(envelope);
                break;
            case GossipStatus status:
                Receive(status);
                break;
            case HeartbeatResponse response:
                _heartbeats.Answered(response.From, _host.Now);
                break;
            case InitJoin question:
                _admission.Answer(question, State);
                break;
            case InitJoinAck ack when IsMember:
                if (_twins.Yields(ack, State))
                    YieldTo(ack);
                break;
            case InitJoinAck ack:
                _joining.Accepted(ack);
                break;
            case InitJoinNack nack when !IsMember:
                Receive(nack);
                break;
            case Join join:
                Receive(join);
                break;
            case Welcome welcome:
                Receive(welcome);
                break;
            case ExitingConfirmed confirmed when State.Gossip.IsMember(confirmed.Node):
                _exitingConfirmed = _exitingConfirmed.Add(confirmed.Node);
                Lead();
                break;
            case YouAreRemoved removed when removed.To == _self:
                Receive(removed);
                break;
        }
    }

    public void GossipTick()
    {
        if (!_hasEnded && IsMember)
            _gossip.TellOne(State);
    }

    public void LeaderTick()
    {
        if (_hasEnded)
            return;
        Lead();
        if (IsMember)
            _twins.Tick(State);
        else if (_joining.Tick())
            BecomeFirst();
    }

    public void HeartbeatTick()
    {
        if (_hasEnded)
            return;
        NoticePause();
        _heartbeats.Sent(_host.Now);
        foreach (var node in _heartbeats.Watching)
            _host.SendHeartbeat(node.Address, _heartbeat);
    }

    /// <summary>Looks who has become unreachable, or is reachable again, and whether it is time to do something about it.</summary>
    public void ReaperTick()
    {
        if (_hasEnded || !IsMember)
            return;
        NoticePause();
        var reachability = _heartbeats.Observe(State.Gossip.Reachability, _host.Now);
        if (!ReferenceEquals(reachability, State.Gossip.Reachability))
            Change(State.Gossip.WithReachability(reachability));
        if (!_hasEnded && _resolver.Decide(State, _host.Now) is { } decision)
            Execute(decision);
    }

    private void NoticePause()
    {
        var pause = _pauses.Check(_host.Now);
        if (pause == TimeSpan.Zero || State.Members.Count < 2)
            return;
        _host.Log.Warning("This node stood still for {0}; what it didn't hear meanwhile says nothing about others", pause);
        _heartbeats.Forgive(State.Gossip.Reachability, _host.Now);
        _resolver.Postpone(_host.Now);
    }

    private void Execute(DowningDecision decision)
    {
        if (!State.IsLeader && !decision.IsThisSide)
            return;
        _host.Log.Warning(
            "Unreachable members: {0}. Downing [{1}], because {2}", State.Reachability, string.Join(", ", decision.Nodes), decision.Reason);
        Down(State.IsLeader ? decision.Nodes : [_self]);
    }

    private void Down(IEnumerable<UniqueAddress> nodes)
    {
        var gossip = State.Gossip;
        foreach (var member in nodes.Select(node => State.Members[node]).Where(static member => member.Status < MemberStatus.Down))
            gossip = gossip.WithMember(member.Copy(MemberStatus.Down));
        Change(gossip);
    }

    private void YieldTo(InitJoinAck twin)
    {
        _host.Log.Error(
            "There is another cluster, with {0} at {1} and {2} members, which is more than here: this one shuts down, to join it",
            twin.First, twin.From, twin.Size);
        Down(State.Members.Keys);
    }

    private void Receive(GossipEnvelope envelope)
    {
        if (!IsForMember(envelope.From, envelope.To))
            return;
        if (!envelope.Gossip.IsMember(_self))
        {
            if (envelope.Gossip.IsRemoved(_self))
                Receive(new YouAreRemoved(envelope.From, _self));
            return;
        }

        // A sender that is no member here may have been let in by one that died before it could tell: nobody else would ever hear of it.
        if (!State.Gossip.IsMember(envelope.From) && !envelope.Gossip.IsMember(envelope.From))
            return;
        var before = State.Gossip;
        var (gossip, talksBack) = _gossip.Receive(before, envelope.Gossip, marksSeen: !_isExiting);
        Learn(gossip);
        if (_hasEnded)
            return;
        if (talksBack)
            _gossip.Tell(State, envelope.From);
        if (State.Gossip.CompareTo(before) != VersionOrder.Same)
            _gossip.PassOn(State);
        Lead();
    }

    private void Receive(GossipStatus status)
    {
        if (IsForMember(status.From, status.To) && State.Gossip.IsMember(status.From))
            _gossip.Answer(status, State);
    }

    /// <summary>Who was removed and does not know it is told. Who can't be reached is not listened to: it would hear nothing of the answer.</summary>
    private bool IsForMember(UniqueAddress from, UniqueAddress to)
    {
        if (!IsMember || to != _self)
            return false;
        if (!State.Gossip.IsRemoved(from))
            return State.Gossip.Reachability.IsReachable(_self, from);
        _host.Send(from.Address, new YouAreRemoved(_self, from));
        return false;
    }

    private void Receive(InitJoinNack nack)
    {
        if (nack.Mismatch.Length > 0 && _joining.IsUnderway)
        {
            _host.Log.Error("The cluster of {0} does not accept this node: {1}", nack.From, nack.Mismatch);
            End(ClusterEnd.CanNotJoin);
        }
        else if (_joining.Refused(nack))
        {
            BecomeFirst();
        }
    }

    private void Receive(Join join)
    {
        var gossip = _admission.Consider(join, State);
        if (!ReferenceEquals(gossip, State.Gossip))
            Change(gossip);
        _admission.Welcome(join.Node, State);
        Lead();
    }

    private void Receive(Welcome welcome)
    {
        if (IsMember || !_joining.IsWelcomedBy(welcome.From) || !welcome.Gossip.IsMember(_self))
            return;
        _joining.Stop();
        Learn(welcome.Gossip.WithSeen(_self));
        if (!_hasEnded)
            _gossip.Tell(State, welcome.From);
    }

    /// <summary>Believed of a member only: two sides that have removed each other stay as they are.</summary>
    private void Receive(YouAreRemoved removed)
    {
        if (IsMember ? State.Members.TryGetValue(removed.From, out var from) && from.Status < MemberStatus.Down : _joining.IsUnderway)
        {
            _host.Log.Warning("{0} has removed this node from the cluster", removed.From.Address);
            End(ClusterEnd.Downed);
        }
    }

    private void BecomeFirst()
    {
        _joining.Stop();
        _host.Log.Info("{0} is the first node of a new cluster", _self.Address);
        ChangeAndLead(Gossip.Empty.WithMember(new Member(_self, MemberStatus.Joining, _setup.Roles)));
    }

    private bool MayJoin()
    {
        if (IsMember)
            _host.Log.Info("This node is in a cluster already and joins no other");
        return !IsMember && !_hasEnded;
    }

    /// <summary>Does what is for the leader to do, if this node is the leader and all know what it knows.</summary>
    private void Lead()
    {
        while (!_hasEnded && IsMember && State.IsLeader && State.IsConverged(_exitingConfirmed))
        {
            var gossip = LeaderActions.Apply(State, _exitingConfirmed, _setup, _host.UtcNow);
            if (ReferenceEquals(gossip, State.Gossip))
                return;
            Change(gossip);
        }
    }

    /// <summary>This node changes what is known.</summary>
    private void Change(Gossip gossip)
    {
        Set(gossip.NextVersion(_self, isSeen: !_isExiting));
        _gossip.TellOfOwnChange(State);
        ConsiderOwnStatus();
    }

    private void ChangeAndLead(Gossip gossip)
    {
        Change(gossip);
        Lead();
    }

    /// <summary>This node knows more than before.</summary>
    private void Learn(Gossip gossip)
    {
        Set(gossip);
        ConsiderOwnStatus();
    }

    private void Set(Gossip gossip)
    {
        if (ReferenceEquals(gossip, State.Gossip))
            return;
        var before = State;
        State = new MembershipState(gossip, _self);
        _exitingConfirmed = _exitingConfirmed.Intersect(gossip.Members.Keys);
        if (!ReferenceEquals(before.Members, State.Members) || !ReferenceEquals(before.Gossip.Reachability, gossip.Reachability))
        {
            _heartbeats.Update(State);
            _resolver.Update(before, State, _host.Now);
        }

        _host.Changed(before, State);
    }

    private void ConsiderOwnStatus()
    {
        switch (State.SelfMember?.Status)
        {
            case null or MemberStatus.Down:
                End(ClusterEnd.Downed);
                break;
            case MemberStatus.Exiting when !_isExiting:
                _isExiting = true;
                _host.Exit();
                break;
        }
    }

    private void End(ClusterEnd reason)
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        _joining.Stop();
        _host.End(reason);
    }
}
