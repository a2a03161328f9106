using Akka.Actor;
using Akka.Runtime;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Serialization.Nodes;
using ChatAkka.Actors.Tests.Model;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;

namespace ChatAkka.Actors.Tests.Nodes;

/// <summary>A channel at node a, whose members live at node b, over a simulated network.</summary>
public sealed class RelayBetweenNodesTests
{
    private static readonly ChannelId Group = new("31");
    private static readonly UserId[] Members = [.. Enumerable.Range(11, 12).Select(i => new UserId($"{i}"))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_members_at_one_node_are_told_and_answer_is_one_message_each(int seed)
    {
        var chat = new Chat(seed);
        chat.Start();
        var (reads, toB, toA) = (chat.Timelines.Reads, chat.A.Sent, chat.B.Sent);
        toB.Clear();
        toA.Clear();

        for (var i = 1; i <= 5; i++)
        {
            chat.Post(i);
            chat.Advance(TimeSpan.FromSeconds(3));
        }

        chat.JudgeTold(5);
        Count<RelayEvents>(toB).ShouldBe(5);
        Count<DeliverEvents>(toB).ShouldBe(0);
        Count<RelayProbe>(toB).ShouldBe(10, "the pace of each, asked of one alone, and then all the others");
        Count<ProbeDelivery>(toB).ShouldBe(0);
        Count<MembersAcknowledged>(toA).ShouldBe(5);
        Count<DeliveryAcknowledged>(toA).ShouldBe(5, "the pace");
        chat.Timelines.Reads.ShouldBe(reads, "nothing overtook anything");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Members_whose_node_died_get_at_their_next_one_what_was_told_to_the_dead(int seed)
    {
        var chat = new Chat(seed);
        chat.Start();
        chat.B.Kill();
        chat.MoveUsersToC();

        for (var i = 1; i <= 5; i++)
        {
            chat.Post(i);
            chat.Advance(TimeSpan.FromSeconds(4));
        }

        chat.Advance(TimeSpan.FromSeconds(10));
        chat.JudgeTold(5);
        chat.A.Sent.Clear();
        chat.Post(6);
        chat.Advance(TimeSpan.FromSeconds(3));
        chat.JudgeTold(6);
        Count<RelayEvents>(chat.A.Sent).ShouldBe(1);
        Count<DeliverEvents>(chat.A.Sent).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Way_that_changes_in_the_midst_of_much_traffic_loses_and_repeats_nothing(int seed)
    {
        var chat = new Chat(seed);
        chat.Start(until: TimeSpan.FromMilliseconds(200)); // before the first probe has shown where they are
        for (var i = 1; i <= 400; i++)
        {
            chat.Post(i);
            chat.Advance(TimeSpan.FromMilliseconds(10));
        }

        chat.Advance(TimeSpan.FromSeconds(3));
        chat.JudgeTold(400);
        Count<DeliverEvents>(chat.A.Sent).ShouldBeInRange(1, 12 * 150, "told through the region until then");
        Count<RelayEvents>(chat.A.Sent).ShouldBeGreaterThan(50);
    }

    private static int Count<T>(Dictionary<string, int> sent) =>
        sent.GetValueOrDefault(NodeMessages.All.Single(codec => codec.Type == typeof(T)).Manifest);

    private sealed class Chat
    {
        private readonly Simulation _simulation;
        private readonly FickleStore _store;
        private readonly MemberNode _c;
        private readonly Dictionary<UserId, List<object>> _told = [];

        public Chat(int seed)
        {
            _simulation = new Simulation(seed);
            _store = new FickleStore(_simulation) { IsFickle = false };
            Timelines = new CountingReader(_store);
            (A, B, _c) = (Node("a"), Node("b"), Node("c"));
        }

        public CountingReader Timelines { get; }

        public MemberNode A { get; }

        public MemberNode B { get; }

        /// <param name="until">How long after the group has come to be its members connect.</param>
        public void Start(TimeSpan? until = null)
        {
            A.StartChannel(Group);
            B.StartUsers();
            A.FollowUsers(B);
            B.FollowChannels(A);
            _c.FollowChannels(A);
            A.Channels.Tell(new CreateGroup(Group, Members[0], 1, "team", [.. Members[1..]]), ActorRefs.NoSender);
            Advance(until ?? TimeSpan.FromSeconds(5));
            Connect(B);
        }

        public void MoveUsersToC()
        {
            _c.StartUsers();
            A.FollowUsers(_c);
            Connect(_c);
        }

        public void Post(int i) => A.Channels.Tell(
            new PostMessage(Group, Members[0], i, new DeviceId("5"), $"c{i}", $"text {i}", 0, [], MayOpen: false), ActorRefs.NoSender);

        public void Advance(TimeSpan time) => _simulation.Advance(time);

        /// <summary>Everybody has been told all posts, once and in their order.</summary>
        public void JudgeTold(int posts)
        {
            foreach (var user in Members)
            {
                _told[user].OfType<Delivery>().SelectMany(delivery => delivery.Events).Select(e => ((MessagePosted)e).Text)
                    .ShouldBe(Enumerable.Range(1, posts).Select(i => $"text {i}"), $"what {user} was told");
            }
        }

        private void Connect(MemberNode node)
        {
            foreach (var user in Members)
            {
                _told[user] = [];
                node.Connect(user, _told[user]);
            }

            _simulation.AdvanceUntil(
                () => _told.Values.All(told => told.Any(message => message is SyncCompleted)), TimeSpan.FromSeconds(2));
            _told.Values.ShouldAllBe(told => told.Any(message => message is SyncCompleted));
        }

        private MemberNode Node(string host) => new(_simulation, _store, Timelines, host);
    }

    /// <summary>Counts what is read because of a gap.</summary>
    private sealed class CountingReader(ITimelineReader inner) : ITimelineReader
    {
        public int Reads { get; private set; }

        public Task<IReadOnlyList<ChannelEvent>> ReadAsync(
            ChannelId channel, long from, long to, int limit, bool backward, CancellationToken cancel)
        {
            Reads++;
            return inner.ReadAsync(channel, from, to, limit, backward, cancel);
        }

        public Task<IReadOnlyList<Annotation>> ReadAnnotationsAsync(ChannelId channel, long from, long to, CancellationToken cancel) =>
            inner.ReadAnnotationsAsync(channel, from, to, cancel);

        public Task<IReadOnlyDictionary<ChannelId, ChannelEvent>> HeadsAsync(
            IReadOnlyCollection<ChannelId> channels, CancellationToken cancel) => inner.HeadsAsync(channels, cancel);
    }
}
