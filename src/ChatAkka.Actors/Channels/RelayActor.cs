using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Channels;

/// <summary>
/// Tells the users of its node what a channel of another node tells all of its members here: one frame between the nodes, whatever their
/// number. It tells the region, so that a user who isn't here (any more) is found. In the order in which it is told, each user hears of it.
/// <para>
/// What they acknowledge it gathers for a moment, and passes on together. Holds nothing else, and nothing that can't be lost: a channel
/// that isn't answered asks again.
/// </para>
/// </summary>
/// <param name="users">The shard region of users, which isn't there yet when this is; and likewise</param>
/// <param name="channels">that of channels.</param>
internal sealed class RelayActor(Func<IActorRef> users, Func<IActorRef> channels) : UntypedActor, IWithTimers
{
    /// <summary>Its name, at the top of every node. The other nodes find it by that.</summary>
    public const string Name = "relay";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly RelayAcknowledgements _acknowledgements = new();

    public ITimerScheduler Timers { get; set; } = null!;

    private IActorRef Users => field ??= users();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayEvents relay:
                foreach (var user in relay.Users)
                {
                    Users.Tell(new DeliverEvents(user, relay.Delivery), ActorRefs.NoSender);
                }

                break;
            case RelayReceipts relay:
                foreach (var user in relay.Users)
                {
                    if (relay.Receipts.Concern(user))
                    {
                        Users.Tell(new DeliverReceipts(user, relay.Receipts), ActorRefs.NoSender);
                    }
                }

                break;
            case RelayTyping relay:
                foreach (var user in relay.Users)
                {
                    if (user != relay.By)
                    {
                        Users.Tell(new TypingNotice(user, relay.Channel, relay.By), ActorRefs.NoSender);
                    }
                }

                break;
            case RelayProbe probe:
                OnProbe(probe);
                break;
            case DeliveryAcknowledged acknowledged:
                OnAcknowledged(acknowledged);
                break;
            case AcknowledgementsDue:
                OnDue();
                break;
        }
    }

    private void OnProbe(RelayProbe probe)
    {
        // One alone answers the channel, and so do all if too much is waited for.
        var asker = probe.Users.Length > 1 && _acknowledgements.TryBegin(probe, Sender) ? Self : Sender;
        foreach (var user in probe.Users)
        {
            Users.Tell(new ProbeDelivery(user, probe.Channel, probe.Head), asker);
        }

        WaitForMore();
    }

    private void OnAcknowledged(DeliveryAcknowledged acknowledged)
    {
        if (_acknowledgements.Find(acknowledged.Channel) is not { } gathering)
        {
            channels().Forward(acknowledged); // late
        }
        else if (acknowledged.Head != gathering.Head || !Sender.Path.Address.HasLocalScope)
        {
            gathering.Channel.Forward(acknowledged); // which shows the channel where they have moved to
        }
        else if (gathering.Add(acknowledged.User))
        {
            _acknowledgements.Answer(gathering, Self);
        }
    }

    private void OnDue()
    {
        _acknowledgements.AnswerOld(Self);
        WaitForMore();
    }

    private void WaitForMore()
    {
        if (!_acknowledgements.IsEmpty && !Timers.IsTimerActive(AcknowledgementsDue.Instance))
        {
            Timers.StartSingleTimer(AcknowledgementsDue.Instance, AcknowledgementsDue.Instance, Patience);
        }
    }

    /// <summary>What has been gathered for long enough goes.</summary>
    private sealed class AcknowledgementsDue
    {
        public static readonly AcknowledgementsDue Instance = new();
    }
}
