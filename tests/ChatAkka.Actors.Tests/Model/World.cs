using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// What happens at a node. Commands are told and not waited for; what is answered is compared in the end with what is stored.
/// </summary>
internal sealed class World : IDisposable
{
    private static readonly string[] Emoji = ["👍", "🎉"];
    private readonly Dictionary<(UserId, ChannelId), long> _read = [];
    private int _steps;
    private long _requests;

    public World(int seed)
    {
        Node = new ModelNode(seed);
        Conversation = new Conversation(Node);
        Said = new SaidReads(Node.Time);
        var users = Node.People;
        Channels =
        [
            new ChannelId("900"), new ChannelId("901"),
            ChannelId.Direct(users[0], users[1]), ChannelId.Direct(users[0], users[2]),
            ChannelId.Direct(users[1], users[3]), ChannelId.Direct(users[3], users[4]),
        ];
    }

    public ModelNode Node { get; }

    public Conversation Conversation { get; }

    public List<ChannelId> Channels { get; }

    /// <summary>What users have said to have read, and may rely on.</summary>
    public SaidReads Said { get; }

    /// <summary>The highest id that each user has said to have read.</summary>
    public IReadOnlyDictionary<(UserId User, ChannelId Channel), long> Read => _read;

    public void Dispose() => Node.Dispose();

    public void Do(Step step)
    {
        _steps++;
        var device = Node.Devices[step.Device];
        var channel = Channels[step.Channel];
        switch (step.Verb)
        {
            case >= Verb.Connect:
                Happen(step, device, channel);
                break;
            case >= Verb.Typing:
                Signal(step, device, channel);
                break;
            default:
                Command(step, device, channel);
                break;
        }

        Node.Advance(TimeSpan.FromMilliseconds(step.Number % 7));
    }

    /// <summary>The store answers from now on, and what was interrupted is completed; nobody comes or goes.</summary>
    public void Settle()
    {
        Node.Store.IsFickle = false;
        Node.Advance(TimeSpan.FromMinutes(2));
        Said.Judge(Node.Store.Truth);
        Node.Absence.Judge(Node.People, Channels, isAllDelivered: false);

        // A change that nobody was told of is completed when its channel is in memory again.
        Channels.ForEach(channel => Node.Tell(Node.Devices[0], new GetChannel(channel, Node.People[0], ++_requests)));
        Node.LookAtPresence();
        Node.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>Nobody is there any more.</summary>
    public void Leave()
    {
        Node.Devices.ForEach(device => Node.Disconnect(device));
        Node.Advance(TimeSpan.FromSeconds(32));
        Node.LookAtPresence();
        Node.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Everybody comes back and says once more what they have read.</summary>
    public void Return()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Node.Devices.ForEach(device => Node.Disconnect(device));
            Node.Advance(TimeSpan.FromSeconds(2));
            // At last with what they have: a device that never said so has to be told, too, what isn't its user's any more.
            Node.Devices.ForEach(device => Node.Connect(
                device, attempt < 2 ? null : device.Timelines.ToDictionary(have => have.Key, have => have.Value[^1].Id)));
            Node.Advance(TimeSpan.FromSeconds(10));
        }

        foreach (var ((user, channel), id) in _read)
        {
            Note(user, channel, id);
            Node.Users.Tell(new MoveReadCursor(user, channel, id), ActorRefs.NoSender);
        }

        foreach (var device in Node.Devices)
        {
            foreach (var (channel, timeline) in device.Timelines)
            {
                MoveDelivered(device, channel, timeline[^1].Id);
            }
        }

        Node.LookAtPresence();
        Node.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>What a channel says of itself to a user.</summary>
    public ChannelReply Ask(ChannelId channel, UserId user)
    {
        var device = Node.Devices.First(d => d.User == user);
        device.Replies.Clear();
        Node.Tell(device, new GetChannel(channel, user, ++_requests));
        Node.Advance(TimeSpan.FromSeconds(1));
        return device.Replies.ShouldHaveSingleItem();
    }

    private void Command(Step step, ModelDevice device, ChannelId channel)
    {
        var (by, other) = (device.User, Node.People[step.Other]);
        var target = 1 + step.Number % Math.Max(1, Node.Store.Truth.Timeline(channel).Count + 1);
        var request = ++_requests;
        switch (step.Verb)
        {
            case Verb.Post:
                var reply = step.Number % 10 == 0 ? target : 0;
                Conversation.Post(device, new PostMessage(
                    channel, by, request, device.Id, $"c{_steps}", $"text {_steps}", reply, [other], MayOpen: channel.IsDirect));
                return;
            case Verb.Repeat:
                Conversation.Repeat(step.Number, request);
                return;
        }

        Node.Tell(device, step.Verb switch
        {
            Verb.Edit => new EditMessage(channel, by, request, target, $"edited {step.Number % 3}"),
            Verb.Delete => new DeleteMessage(channel, by, request, target),
            Verb.React => new AddReaction(channel, by, request, target, Emoji[step.Other % 2]),
            Verb.Unreact => new RemoveReaction(channel, by, request, target, Emoji[step.Other % 2]),
            Verb.OpenDirect => new OpenDirect(channel, by, request),
            Verb.CreateGroup => new CreateGroup(channel, by, request, "title", [other, Node.People[step.Number % 5]]),
            Verb.Add => new AddMember(channel, by, request, other),
            Verb.Remove => new RemoveMember(channel, by, request, step.Number % 2 == 0 ? by : other),
            Verb.Role => new AddMember(channel, by, request, other, (MemberRole)(1 + step.Number % 3)),
            Verb.Title => new ChangeTitle(channel, by, request, $"title {step.Number % 4}"),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        });
    }

    private void Signal(Step step, ModelDevice device, ChannelId channel)
    {
        var (by, other) = (device.User, Node.People[step.Other]);
        var has = device.IsLive && device.Timelines.TryGetValue(channel, out var timeline) ? timeline : [];
        switch (step.Verb)
        {
            case Verb.Typing:
                Node.Channels.Tell(new UserTyping(channel, by), ActorRefs.NoSender);
                break;
            case Verb.Delivered when has.Count > 0 && step.Number % 20 == 0:
                // What there isn't is nothing that a device can have.
                Node.Users.Tell(new MoveCursor(by, device.Id, channel, has[^1].Id + 1_000 + step.Number), ActorRefs.NoSender);
                break;
            case Verb.Delivered when has.Count > 0:
                MoveDelivered(device, channel, has[^1].Id);
                break;
            case Verb.Read when has.Count > 0:
                MoveRead(device, channel, has[step.Number % has.Count].Id);
                break;
            case Verb.Mute or Verb.Unmute:
                Node.Users.Tell(new SetMute(by, channel, step.Verb == Verb.Mute), ActorRefs.NoSender);
                break;
            case Verb.Befriend when by != other:
                Conversation.Befriend(by, other);
                break;
            case Verb.Unfriend when by != other:
                Conversation.Unfriend(by, other);
                break;
            case Verb.Block or Verb.Unblock when channel.IsDirect:
                var (smaller, larger) = channel.Users;
                (by, other) = step.Number % 2 == 0 ? (smaller, larger) : (larger, smaller);
                (step.Verb == Verb.Block ? (Action<UserId, UserId>)Conversation.Block : Conversation.Unblock)(by, other);
                break;
        }
    }

    private void Happen(Step step, ModelDevice device, ChannelId channel)
    {
        switch (step.Verb)
        {
            case Verb.Connect:
                Node.Connect(device);
                break;
            case Verb.Disconnect:
                Node.Disconnect(device, TimeSpan.FromMilliseconds(step.Number * 29));
                break;
            case Verb.LogOut:
                Node.LogOut(device);
                break;
            case Verb.CrashChannel:
                Node.Channels.Tell(new Crash(channel.Value), ActorRefs.NoSender);
                break;
            case Verb.CrashUser:
                Said.UserCrashed(device.User);
                Node.Users.Tell(new Crash(device.User.Value), ActorRefs.NoSender);
                break;
            case Verb.HandOffChannel:
                Node.HandOff(Node.Channels, channel.Value);
                break;
            case Verb.HandOffUser:
                Node.HandOff(Node.Users, device.User.Value);
                break;
            case Verb.Wait:
                Node.Advance(step.Number % 40 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(step.Number));
                Node.Presence.JudgeOnline(Node.People);
                break;
        }
    }

    private void MoveDelivered(ModelDevice device, ChannelId channel, long id)
    {
        Node.Absence.Say(device.User, channel, id);
        if (device.Connection is { } connection)
        {
            connection.Tell(new DeliveredFrame(null, channel.Value, id), ActorRefs.NoSender);
        }
    }

    private void MoveRead(ModelDevice device, ChannelId channel, long id)
    {
        Note(device.User, channel, id);
        if (device.Connection is { } connection)
        {
            Said.Read(device, channel, id);
            connection.Tell(new ReadFrame(null, channel.Value, id), ActorRefs.NoSender);
        }
    }

    private void Note(UserId user, ChannelId channel, long id)
    {
        _read[(user, channel)] = Math.Max(_read.GetValueOrDefault((user, channel)), id);
        Node.Absence.Say(user, channel, id);
    }
}
