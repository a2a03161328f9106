using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Remote;
using Akka.Runtime;
using Akka.Serialization;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Tests.Model;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Nodes;

/// <summary>
/// A node of a simulated network, with its relay. Where users and channels are is said by the test: <see cref="Users"/> and
/// <see cref="Channels"/> pass on to wherever it says.
/// </summary>
internal sealed class MemberNode
{
    private readonly ActorSystem _system;
    private readonly SimulatedNode _node;

    public MemberNode(Simulation simulation, FickleStore store, ITimelineReader timelines, string host)
    {
        _node = simulation.CreateNode(host);
        _system = ActorSystem.Create("chatakka", ActorSystemSetup.Create(
            _node.Setup,
            new RemoteSetup { Host = host, Port = 2552, Transport = _node.Transport },
            PersistenceSetup.Create().WithJournal(_ => Props.Create(() => new FickleJournal(store))),
            SerializationSetup.Create(system =>
                [SerializerDetails.Create("chatakka-nodes", new CountingSerializer(system, Sent), [.. NodeSerializer.BoundTypes])])));
        Users = _system.ActorOf(Props.Create(() => new Region()), "users");
        Channels = _system.ActorOf(Props.Create(() => new Region()), "channels");
        _system.ActorOf(Props.Create(() => new RelayActor(() => Users, () => Channels)), RelayActor.Name);
        UserServices = new UserServices(new ChatOptions(), timelines, store, store, new FakeContacts(), Channels, Users);
        ChannelServices = new ChannelServices(
            simulation.Time, new ChatOptions(), timelines, new FakeAccounts(), new FakeContacts(), Users, Relays: NodeRelays.Of(_system));
    }

    /// <summary>How many messages it has sent to other nodes, by their types' manifests.</summary>
    public Dictionary<string, int> Sent { get; } = [];

    public IActorRef Users { get; }

    public IActorRef Channels { get; }

    private UserServices UserServices { get; }

    private ChannelServices ChannelServices { get; }

    public IActorRef StartChannel(ChannelId id)
    {
        var channel = _system.ActorOf(ChannelActor.Props(id, ChannelServices));
        Channels.Tell(channel);
        return channel;
    }

    /// <summary>From now on users live at this node.</summary>
    public void StartUsers() => Users.Tell(_system.ActorOf(Props.Create(() => new UserHome(UserServices))));

    /// <summary>A device of the user at this node; what it is told is added to the list.</summary>
    public void Connect(UserId user, List<object> told)
    {
        var connection = _system.ActorOf(Props.Create(() => new Connection(told)));
        Users.Tell(new AttachSession(user, new DeviceId($"{user.Value}00"), null), connection);
    }

    /// <summary>Passes on to another node what is for users or channels.</summary>
    public void FollowUsers(MemberNode other) => Users.Tell(Of(other, "users"));

    /// <inheritdoc cref="FollowUsers"/>
    public void FollowChannels(MemberNode other) => Channels.Tell(Of(other, "channels"));

    public void Kill() => _node.Kill();

    private IActorRef Of(MemberNode other, string name)
    {
        var address = ((ExtendedActorSystem)other._system).Provider.DefaultAddress;
        return ((ExtendedActorSystem)_system).Provider.ResolveActorRef(new RootActorPath(address) / "user" / name);
    }

    // Stands for a shard region: passes on to the actor that it was told last.
    private sealed class Region : UntypedActor
    {
        private IActorRef _target = ActorRefs.Nobody;

        protected override void OnReceive(object message)
        {
            if (message is IActorRef target)
            {
                _target = target;
            }
            else
            {
                _target.Forward(message);
            }
        }
    }

    private sealed class UserHome(UserServices services) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var user = ((IUserMessage)message).User;
            var actor = Context.Child(user.Value);
            (actor.IsNobody() ? Context.ActorOf(UserActor.Props(user, services), user.Value) : actor).Forward(message);
        }
    }

    private sealed class Connection(List<object> told) : UntypedActor
    {
        protected override void OnReceive(object message) => told.Add(message);
    }

    private sealed class CountingSerializer(ExtendedActorSystem system, Dictionary<string, int> sent) : SerializerWithStringManifest(system)
    {
        private readonly NodeSerializer _inner = new(system);

        public override int Identifier => _inner.Identifier;

        public override string Manifest(object o) => _inner.Manifest(o);

        public override byte[] ToBinary(object obj)
        {
            sent[Manifest(obj)] = sent.GetValueOrDefault(Manifest(obj)) + 1;
            return _inner.ToBinary(obj);
        }

        public override object FromBinary(byte[] bytes, string manifest) => _inner.FromBinary(bytes, manifest);
    }
}
