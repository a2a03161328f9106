using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using Akka.Runtime;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Contacts;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// A node in a simulation, with five users who have two devices each. Commands are told and not waited for; what is answered is compared in
/// the end with what is stored.
/// </summary>
internal sealed class World : IDisposable
{
    private static readonly string[] Emoji = ["👍", "🎉"];
    private readonly Simulation _simulation;
    private readonly ActorSystem _system;
    private readonly PairContacts _contacts = new();
    private readonly List<(ModelDevice Device, PostMessage Command)> _posts = [];
    private readonly Dictionary<(ChannelId, UserId), int> _blockedSince = [];
    private readonly List<(PostMessage Command, int Since)> _mustBeRefused = [];
    private readonly Dictionary<(UserId, ChannelId), long> _read = [];
    private readonly IActorRef _channels;
    private readonly IActorRef _users;
    private int _steps;
    private long _requests;

    public World(int seed)
    {
        _simulation = new Simulation(seed);
        Store = new FickleStore(_simulation);
        _system = ActorSystem.Create("model", ActorSystemSetup.Create(
            _simulation.Setup, PersistenceSetup.Create().WithJournal(_ => Props.Create(() => new FickleJournal(Store)))));
        var options = new ChatOptions { MaxGroupSize = 4, PassivateAfterSeconds = 20, SyncQueueLength = 16 };
        var sharding = ClusterSharding.Get(_system);
        var settings = ClusterShardingSettings.Create(_system);
        IActorRef users = ActorRefs.Nobody;
        _channels = sharding.Start(
            "channel",
            id => ChannelActor.Props(new ChannelId(id), new ChannelServices(_simulation.Time, options, Store, new FakeAccounts(), _contacts, users)),
            settings,
            new Extractor<IChannelMessage>(message => message.Channel.Value));
        _users = users = sharding.Start(
            "user",
            id => UserActor.Props(new UserId(id), new UserServices(options, Store, Store, Store, _contacts, _channels, users)),
            settings,
            new Extractor<Domain.Users.IUserMessage>(message => message.User.Value));
        Users = [.. Enumerable.Range(1, 5).Select(i => new UserId($"{i}"))];
        Devices = [.. Users.SelectMany(user => new[] { 1, 2 }.Select(i => new ModelDevice(user, new DeviceId($"{user.Value}0{i}"), Store.Truth)))];
        Channels =
        [
            new ChannelId("900"), new ChannelId("901"),
            ChannelId.Direct(Users[0], Users[1]), ChannelId.Direct(Users[0], Users[2]), ChannelId.Direct(Users[1], Users[3]), ChannelId.Direct(Users[3], Users[4]),
        ];
        Devices.ForEach(device => _users.Tell(new RegisterDevice(device.User, device.Id), ActorRefs.NoSender));
        _simulation.Advance(TimeSpan.FromSeconds(1));
    }

    public FickleStore Store { get; }

    public List<UserId> Users { get; }

    public List<ModelDevice> Devices { get; }

    public List<ChannelId> Channels { get; }

    public IReadOnlyList<(ModelDevice Device, PostMessage Command)> Posts => _posts;

    public IEnumerable<PostMessage> MustBeRefused => _mustBeRefused.Select(refused => refused.Command);

    /// <summary>The highest id that each user has said to have read.</summary>
    public IReadOnlyDictionary<(UserId User, ChannelId Channel), long> Read => _read;

    public void Dispose() => _system.Terminate();

    public void Do(Step step)
    {
        _steps++;
        var device = Devices[step.Device];
        var channel = Channels[step.Channel];
        var (by, other) = (device.User, Users[step.Other]);
        var target = 1 + step.Number % Math.Max(1, Store.Truth.Timeline(channel).Count + 1);
        switch (step.Verb)
        {
            case Verb.Post:
                var reply = step.Number % 10 == 0 ? target : 0;
                Post(device, new PostMessage(
                    channel, by, ++_requests, device.Id, $"c{_steps}", $"text {_steps}", reply, [other], MayOpen: channel.IsDirect));
                break;
            case Verb.Repeat when _posts.Count > 0:
                var (author, post) = _posts[step.Number % _posts.Count];
                Post(author, post with { Request = ++_requests });
                break;
            case Verb.Edit:
                Tell(device, new EditMessage(channel, by, ++_requests, target, $"edited {step.Number % 3}"));
                break;
            case Verb.Delete:
                Tell(device, new DeleteMessage(channel, by, ++_requests, target));
                break;
            case Verb.React:
                Tell(device, new AddReaction(channel, by, ++_requests, target, Emoji[step.Other % 2]));
                break;
            case Verb.Unreact:
                Tell(device, new RemoveReaction(channel, by, ++_requests, target, Emoji[step.Other % 2]));
                break;
            case Verb.OpenDirect:
                Tell(device, new OpenDirect(channel, by, ++_requests));
                break;
            case Verb.CreateGroup:
                Tell(device, new CreateGroup(channel, by, ++_requests, "title", [other, Users[step.Number % 5]]));
                break;
            case Verb.Add:
                Tell(device, new AddMember(channel, by, ++_requests, other));
                break;
            case Verb.Remove:
                Tell(device, new RemoveMember(channel, by, ++_requests, step.Number % 2 == 0 ? by : other));
                break;
            case Verb.Role:
                Tell(device, new AddMember(channel, by, ++_requests, other, (MemberRole)(1 + step.Number % 3)));
                break;
            case Verb.Title:
                Tell(device, new ChangeTitle(channel, by, ++_requests, $"title {step.Number % 4}"));
                break;
            case Verb.Typing:
                _channels.Tell(new UserTyping(channel, by), ActorRefs.NoSender);
                break;
            case Verb.Delivered when device.IsLive && device.Timelines.TryGetValue(channel, out var had) && had.Count > 0:
                _users.Tell(new MoveCursor(by, device.Id, channel, had[^1].Id), ActorRefs.NoSender);
                break;
            case Verb.Read when device.IsLive && device.Timelines.TryGetValue(channel, out var seen) && seen.Count > 0:
                var id = seen[step.Number % seen.Count].Id;
                _read[(by, channel)] = Math.Max(_read.GetValueOrDefault((by, channel)), id);
                _users.Tell(new MoveReadCursor(by, channel, id), ActorRefs.NoSender);
                break;
            case Verb.Block or Verb.Unblock when channel.IsDirect:
                Block(channel, step.Number % 2 == 0 ? channel.Users.Smaller : channel.Users.Larger, step.Verb == Verb.Block);
                break;
            case Verb.Connect:
                Connect(device);
                break;
            case Verb.Disconnect:
                Disconnect(device);
                break;
            case Verb.CrashChannel:
                _channels.Tell(new Crash(channel.Value), ActorRefs.NoSender);
                break;
            case Verb.CrashUser:
                _users.Tell(new Crash(by.Value), ActorRefs.NoSender);
                break;
            case Verb.Wait:
                _simulation.Advance(step.Number % 40 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(step.Number));
                break;
        }

        _simulation.Advance(TimeSpan.FromMilliseconds(step.Number % 7));
    }

    /// <summary>The store answers from now on, everybody comes back and says once more what they have read.</summary>
    public void Settle()
    {
        Store.IsFickle = false;
        _simulation.Advance(TimeSpan.FromMinutes(2));

        // A change that nobody was told of is completed when its channel is in memory again.
        Channels.ForEach(channel => Tell(Devices[0], new GetChannel(channel, Users[0], ++_requests)));
        _simulation.Advance(TimeSpan.FromMinutes(1));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Devices.ForEach(Disconnect);
            _simulation.Advance(TimeSpan.FromSeconds(2));
            // At last with what they have: a device that never said so has to be told, too, what isn't its user's any more.
            Devices.ForEach(device => Connect(device, attempt < 2 ? null : device.Timelines.ToDictionary(have => have.Key, have => have.Value[^1].Id)));
            _simulation.Advance(TimeSpan.FromSeconds(10));
        }

        foreach (var ((user, channel), id) in _read)
        {
            _users.Tell(new MoveReadCursor(user, channel, id), ActorRefs.NoSender);
        }

        foreach (var device in Devices)
        {
            foreach (var (channel, timeline) in device.Timelines)
            {
                _users.Tell(new MoveCursor(device.User, device.Id, channel, timeline[^1].Id), ActorRefs.NoSender);
            }
        }

        _simulation.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>What a channel says of itself to a user.</summary>
    public ChannelReply Ask(ChannelId channel, UserId user)
    {
        var device = Devices.First(d => d.User == user);
        device.Replies.Clear();
        Tell(device, new GetChannel(channel, user, ++_requests));
        _simulation.Advance(TimeSpan.FromSeconds(1));
        return device.Replies.ShouldHaveSingleItem();
    }

    private void Post(ModelDevice device, PostMessage post)
    {
        _posts.Add((device, post));
        if (_blockedSince.TryGetValue((post.Channel, post.By), out var since))
        {
            _mustBeRefused.Add((post, since));
        }

        Tell(device, post);
    }

    // From the answer on nothing new gets through.
    private void Block(ChannelId channel, UserId blocker, bool blocks)
    {
        var (smaller, larger) = channel.Users;
        var blocked = blocker == smaller ? larger : smaller;
        _blockedSince.Remove((channel, blocked));

        // What isn't answered yet may be decided after the change.
        _mustBeRefused.RemoveAll(refused =>
            refused.Command.Channel == channel && refused.Command.By == blocked
            && Devices.All(device => device.Replies.All(reply => reply.Request != refused.Command.Request)));
        _contacts.Set(channel, blocker, blocks);
        var answer = _channels.Ask<BlocksForgotten>(new ForgetBlocks(channel), TimeSpan.FromSeconds(30));
        _simulation.Advance(TimeSpan.FromSeconds(5));
        if (blocks && answer.IsCompletedSuccessfully)
        {
            _blockedSince[(channel, blocked)] = _steps;
        }
    }

    private void Connect(ModelDevice device, IReadOnlyDictionary<ChannelId, long>? cursors = null)
    {
        Disconnect(device);
        device.Unread.Clear();
        device.Connection = _system.ActorOf(Props.Create(() => new ModelConnection(device)), $"c{device.Id.Value}-{(++_requests).ToString(CultureInfo.InvariantCulture)}");
        _users.Tell(new AttachSession(device.User, device.Id, cursors), device.Connection);
    }

    private static void Disconnect(ModelDevice device)
    {
        device.IsLive = false;
        device.Connection?.Tell(PoisonPill.Instance);
        device.Connection = null;
    }

    private void Tell(ModelDevice device, ChannelCommand command) =>
        _channels.Tell(command, device.Connection ?? _system.ActorOf(Props.Create(() => new ModelConnection(device))));

    /// <summary>Ends an entity in the midst of whatever it does.</summary>
    private sealed record Crash(string Entity);

    private sealed class Extractor<T>(Func<T, string> id) : HashCodeMessageExtractor(8)
    {
        public override string? EntityId(object message) => message switch
        {
            Crash crash => crash.Entity,
            T addressed => id(addressed),
            _ => null,
        };

        public override object? EntityMessage(object message) => message is Crash ? Kill.Instance : message;
    }
}
