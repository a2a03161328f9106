using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using FsCheck;
using FsCheck.Fluent;
using static ChatAkka.Domain.Tests.Channels.Sample;

namespace ChatAkka.Domain.Tests.Channels;

/// <summary>What holds after any sequence of commands by five people, in batches that the store takes or loses.</summary>
public sealed class ChannelPropertyTests
{
    private static readonly UserId[] People = [Ann, Bob, Cid, Dan, Eve];
    private static readonly UserId Missing = User(6);

    private enum Verb
    {
        Post,
        Open,
        Create,
        Add,
        Remove,
        Title,
        Get,
        Persist,
        Lose,
    }

    private static readonly Gen<Step> Steps =
        from verb in Gen.Frequency(
            (12, Gen.Constant(Verb.Post)),
            (1, Gen.Constant(Verb.Open)),
            (1, Gen.Constant(Verb.Create)),
            (3, Gen.Constant(Verb.Add)),
            (3, Gen.Constant(Verb.Remove)),
            (1, Gen.Constant(Verb.Title)),
            (1, Gen.Constant(Verb.Get)),
            (5, Gen.Constant(Verb.Persist)),
            (1, Gen.Constant(Verb.Lose)))
        from caller in Gen.Elements(People)
        from user in Gen.Elements([.. People, Missing])
        from number in Gen.Choose(0, 11)
        select new Step(verb, caller, user, number);

    [Fact]
    public void Group_after_any_commands_keeps_its_promises() =>
        Check.ForAllSequences(Steps, 150, steps => Play(Group, steps), tests: 300);

    [Fact]
    public void Direct_channel_after_any_commands_keeps_its_promises() =>
        Check.ForAllSequences(Steps, 100, steps => Play(Direct, steps), tests: 200);

    private static void Play(ChannelId id, Step[] steps)
    {
        var channel = new TestChannel(id, maxGroupSize: 4, Missing);
        foreach (var step in steps)
        {
            channel.Now++;
            switch (step.Verb)
            {
                case Verb.Persist:
                    channel.Persist();
                    break;
                case Verb.Lose:
                    channel.Lose();
                    break;
                default:
                    Do(channel, step.Command(id));
                    break;
            }
        }

        channel.Persist();
        channel.Timeline.Aggregate(ChannelState.Empty(id), Channel.Apply).Contents().ShouldBe(channel.State.Contents());
        channel.Speculative.Contents().ShouldBe(channel.State.Contents());
        if (channel.State.Exists)
        {
            channel.State.Restored().Contents().ShouldBe(channel.State.Contents());
        }
    }

    private static void Do(TestChannel channel, ChannelCommand command)
    {
        var before = channel.Speculative;
        var contents = before.Contents();
        var earlier = command is PostMessage p
            ? channel.All.OfType<MessagePosted>().SingleOrDefault(m => m.Device == p.Device && m.ClientId == p.ClientId)
            : null;

        var decision = channel.Decide(command);

        before.Contents().ShouldBe(contents, "a state never changes");
        var events = decision is Accepted accepted ? accepted.Events : [];
        DenseFrom(before, events);
        if (before.Find(command.By) is null && (before.Exists || command is not (PostMessage or OpenDirect or CreateGroup)))
        {
            decision.ShouldBe(new Declined(new Refused(command.Channel, command.Request, Refusal.ChannelNotFound)));
        }
        else if (before.Exists && earlier is not null)
        {
            events.ShouldBeEmpty();
            ((Accepted)decision).Reply
                .ShouldBe(new Posted(command.Channel, command.Request, earlier.Id, earlier.N, earlier.At, Duplicate: true));
        }

        var after = channel.Speculative;
        after.Members.Length.ShouldBeLessThanOrEqualTo(4);
        after.Members.Count(m => m.Role == MemberRole.Owner).ShouldBe(after.Kind == ChannelKind.Group && !after.Members.IsEmpty ? 1 : 0);
        after.Find(Missing).ShouldBeNull();
        if (decision is Accepted { Reply: ChannelInfo info })
        {
            info.View.Contents().ShouldBe(after.View().Contents());
        }
    }

    private static void DenseFrom(ChannelState state, IEnumerable<ChannelEvent> events)
    {
        var (id, n) = (state.Head, state.N);
        foreach (var e in events)
        {
            n += e is MessagePosted ? 1 : 0;
            e.Id.ShouldBe(++id);
            e.N.ShouldBe(n);
        }
    }

    private sealed record Step(Verb Verb, UserId By, UserId User, int Number)
    {
        public ChannelCommand Command(ChannelId id) => Verb switch
        {
            Verb.Post => Post(
                id, By, $"c{Number}", device: Number % 2, replyTo: Number < 9 ? 0 : Number, mayOpen: Number % 3 == 0, mentions: [User, Ann, Ann]),
            Verb.Open => new OpenDirect(id, By, 7),
            Verb.Create => new CreateGroup(id, By, 7, "title", [By, User, People[Number % 5]]),
            Verb.Add => new AddMember(id, By, 7, User),
            Verb.Remove => new RemoveMember(id, By, 7, User),
            Verb.Title => new ChangeTitle(id, By, 7, $"title {Number % 3}"),
            _ => new GetChannel(id, By, 7),
        };
    }
}
