using Akka.Actor;
using Akka.Actor.Setup;
using Akka.TestKit;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;
using ChatAkka.Tests;

namespace ChatAkka.Actors.Tests.Harness;

/// <summary>The base of tests of one actor: its stores are a <see cref="TestStore"/>, the other shard region a probe.</summary>
public abstract class ActorTest : Akka.TestKit.Xunit2.TestKit
{
    internal static readonly UserId Ann = new("11");
    internal static readonly UserId Bob = new("12");
    internal static readonly UserId Cid = new("13");
    internal static readonly UserId Nobody = new("99");
    internal static readonly DeviceId AnnPhone = new("21");
    internal static readonly DeviceId AnnLaptop = new("22");
    internal static readonly DeviceId BobPhone = new("23");
    internal static readonly ChannelId Direct = ChannelId.Direct(Ann, Bob);
    internal static readonly ChannelId Group = new("31");

    private protected ActorTest() : this(new TestStore(), new TestSnapshots())
    {
    }

    private ActorTest(TestStore store, TestSnapshots snapshots) : base(ActorSystemSetup.Create(
        new TestStores(store, snapshots), DefaultPlugins.Of(typeof(TestJournal), typeof(TestSnapshotStore))))
    {
        Store = store;
        Snapshots = snapshots;
        OtherRegion = CreateTestProbe("other-region");
        Parent = CreateTestProbe("shard");
    }

    internal TestStore Store { get; }

    internal TestSnapshots Snapshots { get; }

    /// <summary>Stands for the users of a channel, or the channels of a user.</summary>
    internal TestProbe OtherRegion { get; }

    /// <summary>Gets what the entity tells its shard.</summary>
    internal TestProbe Parent { get; }

    /// <summary>A probe in place of a connection. Of what it is told it shows what a client would see.</summary>
    internal TestProbe CreateConnection()
    {
        var connection = CreateTestProbe();
        connection.IgnoreMessages(IsBookkeeping);
        return connection;
    }

    /// <summary>Whether a connection is told it only so that it can resume.</summary>
    internal static bool IsBookkeeping(object message) => message is SessionAttached or CursorsAhead or CursorsStored or ReadCursorsTold;

    /// <summary>Starts an entity as the child of a shard that passes on to <see cref="Parent"/> what the entity tells it.</summary>
    internal IActorRef Start(Props entity)
    {
        var shard = Sys.ActorOf(Props.Create(() => new Shard(entity, Parent.Ref)));
        return shard.Ask<IActorRef>("entity", TimeSpan.FromSeconds(5)).GetAwaiter().GetResult();
    }

    private sealed class Shard : UntypedActor
    {
        private readonly IActorRef _entity;
        private readonly IActorRef _listener;

        public Shard(Props entity, IActorRef listener)
        {
            _listener = listener;
            _entity = Context.ActorOf(entity, "entity");
        }

        protected override void OnReceive(object message)
        {
            if (message is "entity")
            {
                Sender.Tell(_entity);
            }
            else
            {
                _listener.Forward(message);
            }
        }
    }
}
