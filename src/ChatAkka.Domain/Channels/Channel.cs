using System.Collections.Immutable;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Channels;

/// <summary>
/// The rules of a channel, without clock, randomness or storage. A command is decided against a state whose newest events need
/// not be persisted yet, so a batch is decided in a row (decide, apply, decide, …) and persisted at once; nothing is told to
/// anybody before that.
/// </summary>
/// <remarks>
/// P7: whoever isn't a member gets the very answer that a channel without timeline gives, whatever they ask.
/// </remarks>
public static class Channel
{
    /// <summary>
    /// What the command does to the channel. <see cref="Undecided"/> asks for facts; decide again with them, against the state as it
    /// is by then: facts that don't cover what that state needs are asked for again.
    /// </summary>
    public static Decision Decide(ChannelState state, ChannelCommand command, DecisionContext context)
    {
        if (!state.Exists)
        {
            return Blocking.Judge(command, context) ?? command switch
            {
                PostMessage { MayOpen: true } post => Opening.Decide(state, post, context),
                OpenDirect open => Opening.Decide(state, open, context),
                CreateGroup create => Opening.Decide(state, create, context),
                _ => command.Decline(Refusal.ChannelNotFound),
            };
        }

        if (state.Find(command.By) is not { } caller)
        {
            return command.Decline(Refusal.ChannelNotFound);
        }

        if (Blocking.Judge(command, context) is { } judged)
        {
            return judged;
        }

        return command switch
        {
            PostMessage post => Posting.Decide(state, post, context),
            OpenDirect when state.Kind == ChannelKind.Direct => state.Unchanged(command),
            CreateGroup when state.Kind == ChannelKind.Group && state.Creator == command.By => state.Unchanged(command),
            OpenDirect or CreateGroup => command.Decline(Refusal.NotAllowed),
            AnnotateMessage annotate => Annotating.Decide(state, caller, annotate, context),
            AddMember add => Membership.Decide(state, caller, add, context),
            RemoveMember remove => Membership.Decide(state, caller, remove, context),
            ChangeTitle change => Membership.Decide(state, caller, change, context),
            GetChannel => state.Unchanged(command),
            _ => throw new ArgumentException($"no rule for the command {command.GetType().Name}", nameof(command)),
        };
    }

    /// <summary>The state after one more event of a timeline that <see cref="Decide"/> made.</summary>
    /// <exception cref="InvalidOperationException">The event doesn't follow the head, isn't known, or can't have happened.</exception>
    public static ChannelState Apply(ChannelState state, ChannelEvent e)
    {
        if (e.Id != state.Head + 1)
        {
            throw new InvalidOperationException($"event {e.Id} doesn't follow event {state.Head} of channel {state.Id}");
        }

        if (state.Exists == e is ChannelCreated)
        {
            throw new InvalidOperationException($"event {e.Id} of channel {state.Id} can't be {e.GetType().Name}");
        }

        var next = state with
        {
            Head = e.Id,
            N = e.N,
            Sends = e is MessagePosted m ? state.Sends.Append(m.Device, m.ClientId) : state.Sends.AppendOther(),
        };
        return e switch
        {
            MessagePosted or Annotation => next,
            ChannelCreated created => next with
            {
                Kind = created.Kind,
                Title = created.Title,
                Creator = created.From,
                MemberList = new MemberList(created.Members),
            },
            MemberAdded added => next with { MemberList = state.MemberList.Add(new Member(added.User, added.Role, added.Id, added.N)) },
            MemberRemoved removed => next with { MemberList = state.MemberList.Remove(removed.User) },
            RoleChanged changed => next with { MemberList = state.MemberList.SetRole(changed.User, changed.Role) },
            TitleChanged changed => next with { Title = changed.Title },
            _ => throw new InvalidOperationException($"no rule for the event {e.GetType().Name} of channel {state.Id}"),
        };
    }

    internal static Declined Decline(this ChannelCommand command, Refusal reason) =>
        new(new Refused(command.Channel, command.Request, reason));

    internal static Accepted Unchanged(this ChannelState state, ChannelCommand command) =>
        new([], new ChannelInfo(command.Channel, command.Request, state.View(), Created: false));

    /// <summary>Accepts events; the reply shows the channel as it is after them.</summary>
    internal static Accepted Changed(this ChannelState state, ChannelCommand command, params ImmutableArray<ChannelEvent> events) =>
        new(events, new ChannelInfo(
            command.Channel, command.Request, events.Aggregate(state, Apply).View(), Created: events[0] is ChannelCreated));
}
