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
        Role,
        Edit,
        Delete,
        React,
        Unreact,
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
            (2, Gen.Constant(Verb.Role)),
            (3, Gen.Constant(Verb.Edit)),
            (1, Gen.Constant(Verb.Delete)),
            (4, Gen.Constant(Verb.React)),
            (2, Gen.Constant(Verb.Unreact)),
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

        if (command is AnnotateMessage annotate)
        {
            Annotated(channel, annotate, decision, before);
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

    // A repeat of what was accepted just now says the same and makes nothing; a deleted message stays as it is.
    private static void Annotated(TestChannel channel, AnnotateMessage command, Decision decision, ChannelState before)
    {
        if (decision is not Accepted { Reply: Annotated made } accepted)
        {
            return;
        }

        before.Find(command.By).ShouldNotBeNull();
        var target = channel.All.OfType<MessagePosted>().Single(m => m.Id == command.Target);
        var folded = FoldedMessage.Of(target, channel.All.OfType<Annotation>());
        if (folded.Deleted)
        {
            (accepted.Events.IsEmpty || command is DeleteMessage).ShouldBeTrue("of what is deleted only a repeat is accepted");
        }
        else if (command is EditMessage edit)
        {
            (folded.Text, target.From).ShouldBe((edit.Text, edit.By));
        }
        else if (command is AddReaction or RemoveReaction)
        {
            var emoji = command is AddReaction add ? add.Emoji : ((RemoveReaction)command).Emoji;
            folded.Reactions.Any(r => r.Emoji == emoji && r.Users.Contains(command.By)).ShouldBe(command is AddReaction);
        }

        accepted.Events.Length.ShouldBeLessThanOrEqualTo(1);
        channel.Decide(command).ShouldBeOfType<Accepted>().ShouldSatisfyAllConditions(
            again => again.Events.ShouldBeEmpty(),
            again => again.Reply.ShouldBe(made));
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
                id, By, $"c{Number}", device: Number % 2, replyTo: Number < 9 ? 0 : Number, mayOpen: Number % 3 == 0,
                mentions: [User, Ann, Ann]),
            Verb.Open => new OpenDirect(id, By, 7),
            Verb.Create => new CreateGroup(id, By, 7, "title", [By, User, People[Number % 5]]),
            Verb.Add => new AddMember(id, By, 7, User),
            Verb.Remove => new RemoveMember(id, By, 7, User),
            Verb.Role => new AddMember(id, By, 7, User, (MemberRole)(1 + Number % 3)),
            Verb.Edit => new EditMessage(id, By, 7, Number + 2, $"edited {Number % 2} by {User}"),
            Verb.Delete => new DeleteMessage(id, By, 7, Number + 2),
            Verb.React => new AddReaction(id, By, 7, Number + 2, Number % 2 == 0 ? "👍" : "🎉"),
            Verb.Unreact => new RemoveReaction(id, By, 7, Number + 2, Number % 2 == 0 ? "👍" : "🎉"),
            Verb.Title => new ChangeTitle(id, By, 7, $"title {Number % 3}"),
            _ => new GetChannel(id, By, 7),
        };
    }
}
