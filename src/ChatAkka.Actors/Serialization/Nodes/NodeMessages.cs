using System.Collections.Immutable;
using ChatAkka.Actors.Channels;
using ChatAkka.Actors.Presence;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Discovery;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>
/// Every message that may leave its node, what it is called on the wire and its fields: <c>inter-node.proto</c> in code. Messages that are
/// not here never leave (<see cref="INodeMessage"/>). Whoever adds a field adds it to both lines of its message, to the <c>.proto</c>, and
/// to the tests' copy of the contract; fields that were read before stay readable. Numbers of fields go up to 15.
/// </summary>
internal static class NodeMessages
{
    public static ImmutableArray<NodeCodec> All { get; } =
    [
        // ---- commands to a channel
        Of<PostMessage>(
            "p",
            (m, w) => Start(m, w).Device(4, m.Device).Text(5, m.ClientId).Text(6, m.Text).Int(7, m.ReplyTo).Users(8, m.Mentions)
                .Bool(9, m.MayOpen),
            (ref r) => new(
                r.Channel(1), r.User(2), r.Int(3), r.Device(4), r.Text(5), r.Text(6), r.Int(7), r.Users(8), r.Bool(9))),
        Of<EditMessage>(
            "e",
            (m, w) => Start(m, w).Int(4, m.Target).Text(5, m.Text).Int(6, m.Seen),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Int(4), r.Text(5), r.Int(6))),
        Of<DeleteMessage>(
            "x",
            (m, w) => Start(m, w).Int(4, m.Target),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Int(4))),
        Of<AddReaction>(
            "+",
            (m, w) => Start(m, w).Int(4, m.Target).Text(5, m.Emoji).Int(6, m.Seen),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Int(4), r.Text(5), r.Int(6))),
        Of<RemoveReaction>(
            "-",
            (m, w) => Start(m, w).Int(4, m.Target).Text(5, m.Emoji).Int(6, m.Seen),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Int(4), r.Text(5), r.Int(6))),
        Of<OpenDirect>(
            "o",
            (m, w) => Start(m, w),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3))),
        Of<CreateGroup>(
            "g",
            (m, w) => Start(m, w).Text(4, m.Title).Users(5, m.Members),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Text(4), r.Users(5))),
        Of<AddMember>(
            "a",
            (m, w) => Start(m, w).User(4, m.User).Int(5, (int?)m.Role ?? 0),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.User(4), ChannelParts.RoleToGive(r.Int(5)))),
        Of<RemoveMember>(
            "r",
            (m, w) => Start(m, w).User(4, m.User),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.User(4))),
        Of<ChangeTitle>(
            "t",
            (m, w) => Start(m, w).Text(4, m.Title),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Text(4))),
        Of<GetChannel>(
            "q",
            (m, w) => Start(m, w),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3))),

        // ---- what a channel answers
        Of<Posted>(
            "P",
            (m, w) => w.Channel(1, m.Channel).Int(2, m.Request).Int(3, m.Id).Int(4, m.N).Int(5, m.At).Bool(6, m.Duplicate),
            (ref r) => new(r.Channel(1), r.Int(2), r.Int(3), r.Int(4), r.Int(5), r.Bool(6))),
        Of<Annotated>(
            "A",
            (m, w) => w.Channel(1, m.Channel).Int(2, m.Request).Int(3, m.Id),
            (ref r) => new(r.Channel(1), r.Int(2), r.Int(3))),
        Of<ChannelInfo>(
            "I",
            (m, w) => w.Channel(1, m.Channel).Int(2, m.Request).Message(3, m.View, ChannelParts.Write).Bool(4, m.Created),
            (ref r) => new(r.Channel(1), r.Int(2), r.Message(3, ChannelParts.ReadView), r.Bool(4))),
        Of<Refused>(
            "R",
            (m, w) => w.Channel(1, m.Channel).Int(2, m.Request).Int(3, ChannelParts.Number(m.Reason)),
            (ref r) => new(r.Channel(1), r.Int(2), ChannelParts.Reason(r.Int(3)))),

        // ---- from a channel to its members
        ToMany("D", ChannelParts.Write, ChannelParts.Deliveries),
        Of<DeliverEvents>(
            "d",
            (m, w) => w.User(1, m.User).Shared(2, m.Delivery, ChannelParts.Write),
            (ref r) => new(r.User(1), r.Shared(2, ChannelParts.Deliveries))),
        ToMany("F", ChannelParts.Write, ChannelParts.Receipts),
        Of<DeliverReceipts>(
            "f",
            (m, w) => w.User(1, m.User).Shared(2, m.Receipts, ChannelParts.Write),
            (ref r) => new(r.User(1), r.Shared(2, ChannelParts.Receipts))),
        Of<TypingNotice>(
            "y",
            (m, w) => w.User(1, m.User).Channel(2, m.Channel).User(3, m.By),
            (ref r) => new(r.User(1), r.Channel(2), r.User(3))),
        Of<ProbeDelivery>(
            "h",
            (m, w) => w.User(1, m.User).Channel(2, m.Channel).Int(3, m.Head),
            (ref r) => new(r.User(1), r.Channel(2), r.Int(3))),
        Of<RecordMembership>(
            "m",
            (m, w) => w.User(1, m.User).Channel(2, m.Channel).Int(3, m.ChangeId).Message(4, m.View, ChannelParts.Write),
            (ref r) => new(r.User(1), r.Channel(2), r.Int(3), r.Has(4) ? r.Message(4, ChannelParts.ReadMemberView) : null)),

        // ---- the same for all members at one node, through its relay
        Of<RelayEvents>(
            "nd",
            (m, w) => w.Users(1, m.Users).Shared(2, m.Delivery, ChannelParts.Write),
            (ref r) => new(r.Users(1), r.Shared(2, ChannelParts.Deliveries))),
        Of<RelayReceipts>(
            "nf",
            (m, w) => w.Users(1, m.Users).Shared(2, m.Receipts, ChannelParts.Write),
            (ref r) => new(r.Users(1), r.Shared(2, ChannelParts.Receipts))),
        Of<RelayTyping>(
            "ny",
            (m, w) => w.Users(1, m.Users).Channel(2, m.Channel).User(3, m.By),
            (ref r) => new(r.Users(1), r.Channel(2), r.User(3))),
        Of<RelayProbe>(
            "nh",
            (m, w) => w.Users(1, m.Users).Channel(2, m.Channel).Int(3, m.Head),
            (ref r) => new(r.Users(1), r.Channel(2), r.Int(3))),

        // ---- from users to a channel
        Of<DeliveryAcknowledged>(
            "H",
            (m, w) => w.Channel(1, m.Channel).User(2, m.User).Int(3, m.Head),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3))),
        Of<MembersAcknowledged>(
            "nH",
            (m, w) => w.Channel(1, m.Channel).Users(2, m.Users).Int(3, m.Head),
            (ref r) => new(r.Channel(1), r.Users(2), r.Int(3))),
        Of<MembershipRecorded>(
            "M",
            (m, w) => w.Channel(1, m.Channel).User(2, m.User).Int(3, m.ChangeId),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3))),
        Of<MembershipUnknown>(
            "m?",
            (m, w) => w.Channel(1, m.Channel).User(2, m.User),
            (ref r) => new(r.Channel(1), r.User(2))),
        Of<ReceiptMoved>(
            "c",
            (m, w) => w.Channel(1, m.Channel).User(2, m.User).Int(3, m.Delivered).Int(4, m.Read),
            (ref r) => new(r.Channel(1), r.User(2), r.Int(3), r.Int(4))),
        Of<UserTyping>(
            "Y",
            (m, w) => w.Channel(1, m.Channel).User(2, m.By),
            (ref r) => new(r.Channel(1), r.User(2))),

        // ---- from whoever serves HTTP, and from a node that has started, to a channel
        Of<ForgetBlocks>("b", (m, w) => w.Channel(1, m.Channel), (ref r) => new(r.Channel(1))),
        Only("B", BlocksForgotten.Instance),
        Of<ResumeDelivery>("z", (m, w) => w.Channel(1, m.Channel), (ref r) => new(r.Channel(1))),
        Only("Z", DeliveryResumed.Instance),

        // ---- from a connection to its user
        Of<AttachSession>(
            "s",
            (m, w) => w.User(1, m.User).Device(2, m.Device).Many(3, m.Cursors ?? NoCursors, ChannelParts.Write)
                .Int(4, m.OpenedAt).Int(5, m.Attempt).Message(6, m.Resume, SessionParts.Write),
            (ref r) => new(
                r.User(1), r.Device(2), ChannelParts.ReadCursors(r, 3), r.Int(4), (int)r.Int(5),
                r.Has(6) ? r.Message(6, SessionParts.ReadResume) : null)),
        Of<MoveCursor>(
            "k",
            (m, w) => w.User(1, m.User).Device(2, m.Device).Channel(3, m.Channel).Int(4, m.Id),
            (ref r) => new(r.User(1), r.Device(2), r.Channel(3), r.Int(4))),
        Of<MoveReadCursor>(
            "K",
            (m, w) => w.User(1, m.User).Channel(2, m.Channel).Int(3, m.Id),
            (ref r) => new(r.User(1), r.Channel(2), r.Int(3))),
        Of<FilterWatched>(
            "w",
            (m, w) => w.User(1, m.User).Int(2, m.Request).Users(3, m.Users),
            (ref r) => new(r.User(1), r.Int(2), r.Users(3))),

        // ---- from a user to its connections
        Of<SyncChannel>(
            "S",
            (m, w) => w.Message(1, m.View, ChannelParts.Write).Int(2, m.Read).Int(3, m.Unread).Many(4, m.Events, EventParts.Write)
                .Bool(5, m.More),
            (ref r) => new(r.Message(1, ChannelParts.ReadMemberView), r.Int(2), r.Int(3), r.Many(4, EventParts.Read), r.Bool(5))),
        Of<SessionAttached>("S@", (m, w) => w.Int(1, m.Attempt), (ref r) => new((int)r.Int(1))),
        Only("S?", SessionInterrupted.Instance),
        Of<CursorsAhead>(
            "Sa",
            (m, w) => w.Many(1, m.Cursors, ChannelParts.Write),
            (ref r) => new(ChannelParts.ReadCursors(r, 1) ?? [])),
        Of<CursorsStored>(
            "Ss",
            (m, w) => w.Many(1, m.Cursors, SessionParts.Write),
            (ref r) => new(r.Many(1, SessionParts.ReadStored))),
        Of<ReadCursorsTold>("Sr", (m, w) => w.Int(1, unchecked((long)m.Digest)), (ref r) => new(unchecked((ulong)r.Int(1)))),
        Only("S.", SyncCompleted.Instance),
        Only("S!", SessionUnavailable.Instance),
        Only("S=", SessionReplaced.Instance),
        Only("S-", SessionRevoked.Instance),
        Of<ChannelAppeared>(
            "C+",
            (m, w) => w.Message(1, m.View, ChannelParts.Write),
            (ref r) => new(r.Message(1, ChannelParts.ReadMemberView))),
        Of<ChannelDisappeared>("C-", (m, w) => w.Channel(1, m.Channel), (ref r) => new(r.Channel(1))),
        Of<WatchAllowed>(
            "W",
            (m, w) => w.Int(1, m.Request).Users(2, m.Users).Bool(3, m.Users.IsDefault),
            (ref r) => new(r.Int(1), r.Bool(3) ? default : r.Users(2))),
        Only("w!", WatchOutdated.Instance),

        // ---- from whoever serves HTTP, and from a node that has started, to a user
        Of<ReviewAbsence>("v", (m, w) => w.User(1, m.User), (ref r) => new(r.User(1))),
        Of<AbsenceSeenTo>("V", (m, w) => w.User(1, m.User), (ref r) => new(r.User(1))),
        Of<SetMute>(
            "u",
            (m, w) => w.User(1, m.User).Channel(2, m.Channel).Bool(3, m.IsMuted),
            (ref r) => new(r.User(1), r.Channel(2), r.Bool(3))),
        Of<MuteSet>("U", (m, w) => w.Bool(1, m.IsMember), (ref r) => new(r.Bool(1))),
        Of<RegisterDevice>("n", (m, w) => w.User(1, m.User).Device(2, m.Device), (ref r) => new(r.User(1), r.Device(2))),
        Only("N", DeviceRegistered.Instance),
        Of<RevokeDevice>("n-", (m, w) => w.User(1, m.User).Device(2, m.Device), (ref r) => new(r.User(1), r.Device(2))),
        Of<ListChannels>("l", (m, w) => w.User(1, m.User), (ref r) => new(r.User(1))),
        Of<UserChannels>(
            "L",
            (m, w) => w.Many(1, m.Channels, ChannelParts.Write).Many(2, m.Muted, ChannelParts.Write),
            (ref r) => new(r.Many(1, FieldReader.Channel), r.Many(2, FieldReader.Channel).ToHashSet())),
        Of<ContactsChanged>("i", (m, w) => w.User(1, m.User), (ref r) => new(r.User(1))),

        // ---- what nodes tell each other of themselves and of who is there
        Of<DeviceGone>("n!", (m, w) => w.User(1, m.User).Device(2, m.Device), (ref r) => new(r.User(1), r.Device(2))),
        Of<NodeInfo>(
            "ni",
            (m, w) => w.Text(1, m.Holder).Text(2, m.Name).Text(3, m.Url).Text(4, m.Region).Int(5, m.Sockets).Bool(6, m.IsDraining),
            (ref r) => new(r.Text(1), r.Text(2), r.Text(3), r.Text(4), (int)r.Int(5), r.Bool(6))),
    ];

    private static ImmutableDictionary<Domain.Identity.ChannelId, long> NoCursors =>
        ImmutableDictionary<Domain.Identity.ChannelId, long>.Empty;

    private static FieldWriter Start(ChannelCommand command, FieldWriter w) =>
        w.Channel(1, command.Channel).User(2, command.By).Int(3, command.Request);

    private static NodeCodec Of<T>(string manifest, Action<T, FieldWriter> write, ReadMessage<T> read)
        where T : class => new FieldsCodec<T>(manifest, write, read);

    private static NodeCodec ToMany<T>(string manifest, Action<T, FieldWriter> write, RecentBroadcasts<T> recent)
        where T : Broadcast => new BroadcastCodec<T>(manifest, write, recent);

    private static NodeCodec Only(string manifest, object instance) => new SingletonCodec(manifest, instance);
}
