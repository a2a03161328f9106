using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Serialization;

/// <summary>A channel that opens from its snapshot decides as if it had replayed its whole timeline.</summary>
public sealed class LongChannelSnapshotTests : SerializerTest
{
    private const int Events = 3_000;
    private static readonly UserId Ann = new("7298340912345088");
    private static readonly UserId Bob = new("7298340912345089");
    private static readonly DeviceId Phone = new("7298340912349184");
    private static readonly ChannelId Group = new("7298340912353280");

    private readonly List<ChannelEvent> _timeline = [];
    private readonly ChannelState _original;
    private readonly ChannelState _restored;

    public LongChannelSnapshotTests()
    {
        var state = ChannelState.Empty(Group);
        while (_timeline.Count < Events)
        {
            ChannelEvent next = _timeline.Count switch
            {
                0 => new ChannelCreated(
                    1, 1, Ann, ChannelKind.Group, "등산", [new Member(Ann, MemberRole.Owner, 1), new Member(Bob, MemberRole.Member, 1)]),
                var head when head % 100 == 99 => new TitleChanged(head + 1, state.N, head, Ann, $"산 {head}"),
                var head => new MessagePosted(head + 1, state.N + 1, head, Bob, Phone, $"c-{head + 1}", "안녕", 0, []),
            };
            state = Channel.Apply(state, next);
            _timeline.Add(next);
        }

        _original = state;
        _restored = (ChannelState)StoredAndRead(state);
    }

    [Fact]
    public void Snapshot_holds_everything_that_the_timeline_amounts_to() => Contents.Of(_restored).ShouldBe(Contents.Of(_original));

    [Theory]
    [InlineData(2)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1_999)]
    [InlineData(Events - 1)]
    public void Repeat_of_an_old_send_is_recognised(long id)
    {
        var repeat = Post($"c-{id}");
        var ranges = Channel.Decide(_restored, repeat, new DecisionContext(9_000, 100, null, null)).ShouldBeOfType<Undecided>().Ranges;
        ranges.ShouldContain(range => range.From <= id && id <= range.To);
        ranges.ShouldBe(Channel.Decide(_original, repeat, new DecisionContext(9_000, 100, null, null)).ShouldBeOfType<Undecided>().Ranges);

        var accepted = Channel.Decide(_restored, repeat, new DecisionContext(9_000, 100, null, Facts(ranges))).ShouldBeOfType<Accepted>();

        accepted.Events.ShouldBeEmpty();
        var posted = accepted.Reply.ShouldBeOfType<Posted>();
        (posted.Id, posted.N, posted.Duplicate).ShouldBe((id, _timeline[(int)id - 1].N, true));
    }

    [Fact]
    public void New_commands_are_decided_alike()
    {
        ChannelCommand[] commands =
        [
            Post("new"),
            Post("new") with { By = new UserId("5") },
            new ChangeTitle(Group, Ann, 7, "새 이름"),
            new ChangeTitle(Group, Bob, 7, "새 이름"),
            new RemoveMember(Group, Ann, 7, Bob),
            new CreateGroup(Group, Ann, 7, "등산", [Bob]),
            new GetChannel(Group, Bob, 7),
        ];
        foreach (var command in commands)
        {
            Described(_restored, command).ShouldBe(Described(_original, command));
        }
    }

    [Fact]
    public void Timeline_goes_on_alike()
    {
        ChannelState original = _original, restored = _restored;
        for (var id = Events + 1L; id <= 2 * Events; id++)
        {
            var next = new MessagePosted(id, original.N + 1, id, Bob, Phone, $"c-{id}", "또", 0, []);
            original = Channel.Apply(original, next);
            restored = Channel.Apply(restored, next);
        }

        Contents.Of(restored).ShouldBe(Contents.Of(original));
    }

    private static PostMessage Post(string clientId) => new(Group, Bob, 7, Phone, clientId, "안녕", 0, [], MayOpen: false);

    private string Described(ChannelState state, ChannelCommand command)
    {
        var decision = Channel.Decide(state, command, new DecisionContext(9_000, 100, null, null));
        if (decision is Undecided undecided)
        {
            decision = Channel.Decide(state, command, new DecisionContext(9_000, 100, null, Facts(undecided.Ranges)));
        }

        return decision switch
        {
            Accepted accepted => $"{string.Join(' ', accepted.Events.Select(Contents.Of))} {Contents.Of(accepted.Reply)}",
            Declined declined => Contents.Of(declined.Reply),
            _ => throw new ShouldAssertException("the facts cover what was asked for"),
        };
    }

    private Facts Facts(IEnumerable<IdRange> ranges) =>
        new([], [.. ranges.SelectMany(range => _timeline.Where(e => range.From <= e.Id && e.Id <= range.To))]);
}
