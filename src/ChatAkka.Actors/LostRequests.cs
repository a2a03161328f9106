using Akka.Actor;
using Akka.Event;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors;

/// <summary>
/// Answers requests that no actor could take. A channel or user that can't recover, because the store doesn't answer, ends with everything
/// that waits for it; whoever asked is told at once to try again (P3 makes that safe), instead of when its patience ends. What nobody asked
/// for, but is owed to a user, is tried again.
/// </summary>
/// <param name="users">The shard region of users, which isn't there yet when this is.</param>
internal sealed class LostRequests(Func<IActorRef> users) : UntypedActor
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeadLetter { Message: ReviewAbsence review }:
                Context.System.Scheduler.ScheduleTellOnce(Again, users(), review, ActorRefs.NoSender);
                break;
            case DeadLetter letter when AnswerTo(letter.Message) is { } answer:
                letter.Sender.Tell(answer, ActorRefs.NoSender);
                break;
        }
    }

    private static object? AnswerTo(object request) => request switch
    {
        ChannelCommand command => new Refused(command.Channel, command.Request, Refusal.Unavailable),
        AttachSession or RegisterDevice => SessionUnavailable.Instance,
        _ => null,
    };
}
