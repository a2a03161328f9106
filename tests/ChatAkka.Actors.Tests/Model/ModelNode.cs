using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using Akka.Runtime;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// A node in a simulation over stores that fail, with five users who have two devices each, and what the model knows of all that.
/// </summary>
internal sealed class ModelNode : IDisposable
{
    private readonly Simulation _simulation;
    private readonly ActorSystem _system;
    private readonly IActorRef _presence;
    private readonly IActorRef _observer;
    private readonly Extractor<object> _extractor;
    private long _connections;

    public ModelNode(int seed)
    {
        _simulation = new Simulation(seed);
        Store = new FickleStore(_simulation);
        Replies = new ReplyJudge(Store.Truth);
        Contacts = new ModelContacts(Store, _simulation.Time);
        Absence = new ModelAbsence(Store, _simulation.Time, Verdicts);
        PresenceStore = new FicklePresenceStore(Store);
        _system = ActorSystem.Create("model", ActorSystemSetup.Create(
            _simulation.Setup, PersistenceSetup.Create().WithJournal(_ => Props.Create(() => new FickleJournal(Store)))));
        Network = new ModelNetwork(_system, () => Users!, () => Channels!);
        _extractor = new Extractor<object>(_ => null, Network);
        _presence = _system.ActorOf(PresenceActor.Props(_simulation.Time, PresenceStore, ModelPresence.OnlineFor));
        (Channels, Users) = StartRegions();
        Gateway = new ConnectionServices(
            Channels, Users, _presence, new ModelAuthenticator(), null!, null!, null!, null!, null!, _simulation.Time, NullLogger.Instance);
        Presence = new ModelPresence(_simulation.Time, _presence);
        People = [.. Enumerable.Range(1, 5).Select(i => new UserId($"{i}"))];
        Devices =
        [
            .. People.SelectMany(user => new[] { 1, 2 }.Select(i => new ModelDevice(user, new DeviceId($"{user.Value}0{i}"), Store.Truth))),
        ];
        Store.Appended = OnAppended;
        Store.Received = Absence.OnReceipts;
        Devices.ForEach(device => Users.Tell(new RegisterDevice(device.User, device.Id), ActorRefs.NoSender));
        _observer = _system.ActorOf(Props.Create(() => new PresenceObserver(Presence, Verdicts)));
        Presence.Watch(_observer, People);
        Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>What connections share.</summary>
    public ConnectionServices Gateway { get; }

    /// <summary>The clock of everything.</summary>
    public TimeProvider Time => _simulation.Time;

    public FickleStore Store { get; }

    public ModelNetwork Network { get; }

    public ModelContacts Contacts { get; }

    public ModelAbsence Absence { get; }

    public ModelPresence Presence { get; }

    public FicklePresenceStore PresenceStore { get; }

    public Verdicts Verdicts { get; } = new();

    public ReplyJudge Replies { get; }

    public IActorRef Channels { get; }

    public IActorRef Users { get; }

    public List<UserId> People { get; }

    public List<ModelDevice> Devices { get; }

    public void Dispose() => _system.Terminate();

    /// <summary>Lets time pass; fails with what was found wrong meanwhile.</summary>
    public void Advance(TimeSpan time)
    {
        _simulation.Advance(time);
        Verdicts.ThrowIfAny();
    }

    public void Connect(ModelDevice device, IReadOnlyDictionary<ChannelId, long>? cursors = null)
    {
        Disconnect(device);
        device.Watch = device.IsWatching
            ? new ModelWatch(device.User, People, Contacts, Users, _presence, _simulation.Time) : null;
        device.HasGivenCursors = cursors is not null;
        device.Socket = Presence.Connect(device.User, device.Id);
        Absence.Attach(device.User, 1);
        device.Connection = _system.ActorOf(
            Props.Create(() => new ModelConnection(device, device.Socket, device.Watch, cursors, this)),
            $"c{device.Id.Value}-{(++_connections).ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Makes the shard hand off one entity, if it is in memory.</summary>
    public void HandOff(IActorRef region, string entity)
    {
        var shard = _extractor.ShardId(entity, "");
        var found = _system.ActorSelection($"{region.Path}/{shard}/{entity}").ResolveOne(TimeSpan.FromSeconds(1));
        Advance(TimeSpan.Zero);
        if (found.IsCompletedSuccessfully)
        {
            _system.ActorSelection(found.Result.Path.Parent.ToString()).Tell(new Passivate(StopForHandOff.Instance), found.Result);
        }
    }

    /// <summary>Ends a device's connection.</summary>
    /// <param name="silentFor">How long nothing had come over it, as far as it was open then.</param>
    public void Disconnect(ModelDevice device, TimeSpan silentFor = default)
    {
        if (device.Connection is null)
        {
            return;
        }

        var lastFrameAt = _simulation.Time.GetUtcNow() - silentFor;
        device.Socket!.LastFrameAt = Math.Max(device.Socket.OpenedAt, lastFrameAt.ToUnixTimeMilliseconds());
        device.Drop();
    }

    /// <summary>Revokes a device, as the HTTP API does; its connection is gone before it comes back.</summary>
    public void LogOut(ModelDevice device)
    {
        if (device.Connection is not null)
        {
            Users.Tell(new RevokeDevice(device.User, device.Id), ActorRefs.NoSender);
            Presence.LogOut(device.User, device.Id);
            Disconnect(device);
            Advance(TimeSpan.Zero);
        }
    }

    public void Tell(ModelDevice device, ChannelCommand command)
    {
        Replies.Note(command);
        Channels.Tell(command, device.Connection ?? _system.ActorOf(Props.Create(() => new ModelAsker(device, this))));
    }

    /// <summary>The observer asks once more how all are.</summary>
    public void LookAtPresence() => Presence.Watch(_observer, People);

    private (IActorRef Channels, IActorRef Users) StartRegions()
    {
        var options = new ChatOptions { MaxGroupSize = 4, PassivateAfterSeconds = 20, SyncQueueLength = 16 };
        var sharding = ClusterSharding.Get(_system);
        var settings = ClusterShardingSettings.Create(_system).WithPassivateIdleAfter(TimeSpan.Zero); // as the server has it
        IActorRef users = ActorRefs.Nobody;
        IActorRef channels = ActorRefs.Nobody;
        channels = sharding.Start(
            "channel",
            id => ChannelActor.Props(
                new ChannelId(id),
                new ChannelServices(
                    _simulation.Time, options, Store, new FakeAccounts(), Contacts, users, Absence, Network, channels)),
            settings,
            new Extractor<IChannelMessage>(message => message.Channel.Value, Network));
        users = sharding.Start(
            "user",
            id => UserActor.Props(
                new UserId(id), new UserServices(options, Store, Store, Store, Contacts, channels, users, Absence.Outbox, _presence, IsClustered: true)),
            settings,
            new Extractor<IUserMessage>(message => message.User.Value, Network));
        return (channels, users);
    }

    private void OnAppended(string persistenceId, IReadOnlyList<object> events)
    {
        var id = persistenceId[(persistenceId.IndexOf('-', StringComparison.Ordinal) + 1)..];
        if (persistenceId.StartsWith("user", StringComparison.Ordinal))
        {
            foreach (var e in events)
            {
                Absence.OnUserEvent(new UserId(id), e);
            }

            return;
        }

        var channel = new ChannelId(id);
        foreach (var e in events.Cast<ChannelEvent>())
        {
            Absence.OnChannelEvent(channel, e);
        }

        Contacts.SetMembers(channel, [.. ChannelModel.Of(Store.Truth.Timeline(channel)).Roles.Keys], People);
    }

    private sealed class Extractor<T>(Func<T, string?> id, ModelNetwork network) : HashCodeMessageExtractor(8)
    {
        public override string? EntityId(object message) => message switch
        {
            Crash crash => crash.Entity,
            T addressed => id(addressed),
            _ => null,
        };

        public override object? EntityMessage(object message) => message is Crash ? Kill.Instance : network.Carry(message);
    }
}

/// <summary>Nobody is ever revoked for the store: a device that logs out closes its connection itself.</summary>
internal sealed class ModelAuthenticator : IAuthenticator
{
    public ValueTask<Authentication> AuthenticateAsync(string token, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Authentication> ConfirmAsync(Authenticated identity, CancellationToken cancel) => Task.FromResult<Authentication>(identity);
}

/// <summary>Ends an entity in the midst of whatever it does.</summary>
internal sealed record Crash(string Entity);
