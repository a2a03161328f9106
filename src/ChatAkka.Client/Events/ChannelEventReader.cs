using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Events;

/// <summary>Makes what the program sees of what the wire says.</summary>
internal static class ChannelEventReader
{
    /// <param name="user">Whose client this is.</param>
    public static ChannelEvent Read(string channel, TimelineEvent e, string user)
    {
        var (id, n, at, from) = (e.Id, e.N, Instants.Of(e.At), e.From);
        return e switch
        {
            MessageEvent m => new MessageReceived(channel, id, n, at, from, m.Text)
            {
                ClientId = m.ClientId,
                ReplyTo = m.ReplyTo,
                Mentions = m.Mentions,
                IsOwn = from == user,
            },
            EditedEvent x => new MessageEdited(channel, id, n, at, from, x.Target, x.Text),
            DeletedEvent x => new MessageDeleted(channel, id, n, at, from, x.Target),
            ReactedEvent x => new ReactionAdded(channel, id, n, at, from, x.Target, x.Emoji),
            UnreactedEvent x => new ReactionRemoved(channel, id, n, at, from, x.Target, x.Emoji),
            CreatedEvent => new ChannelCreated(channel, id, n, at, from),
            TitledEvent x => new ChannelTitled(channel, id, n, at, from, x.Title),
            MemberAddedEvent x => new MemberAdded(channel, id, n, at, from, x.User, x.Role),
            MemberRemovedEvent x => new MemberRemoved(channel, id, n, at, from, x.User, x.Role),
            RoleChangedEvent x => new RoleChanged(channel, id, n, at, from, x.User, x.Role),
            UnknownEvent x => new UnknownChannelEvent(channel, id, n, at, from, x.Type),
            _ => throw new ArgumentOutOfRangeException(nameof(e)),
        };
    }
}
