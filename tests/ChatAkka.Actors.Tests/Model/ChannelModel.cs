using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// What a channel's events amount to, worked out the simple way, and whether each of them may be: written without looking at how the
/// domain does it.
/// </summary>
internal sealed class ChannelModel
{
    private readonly Dictionary<UserId, MemberRole> _roles = [];
    private readonly SortedDictionary<long, ModelMessage> _messages = [];
    private ChannelKind _kind;
    private long _head;

    public IReadOnlyDictionary<UserId, MemberRole> Roles => _roles;

    /// <summary>The messages as they are now, by id.</summary>
    public IEnumerable<ModelMessage> Messages => _messages.Values;

    /// <summary>When each user was a member: from the event that made them one to the one that ended it.</summary>
    public List<(UserId User, long From, long To)> Memberships { get; } = [];

    public long Head => _head;

    public static ChannelModel Of(IEnumerable<ChannelEvent> timeline)
    {
        var model = new ChannelModel();
        foreach (var e in timeline)
        {
            model.Take(e);
        }

        return model;
    }

    /// <summary>Messages up to an event.</summary>
    public long CountUpTo(long id) => _messages.Keys.Count(message => message <= id);

    /// <summary>The user was a member when this happened, or it is what ended that.</summary>
    public bool WasMember(UserId user, long at) => Memberships.Any(m => m.User == user && m.From <= at && at <= m.To);

    private void Take(ChannelEvent e)
    {
        e.Id.ShouldBe(++_head);
        var because = $"event {e}";
        if (e is not ChannelCreated)
        {
            _roles.ShouldContainKey(e.From, because);
        }

        switch (e)
        {
            case ChannelCreated created:
                e.Id.ShouldBe(1);
                _kind = created.Kind;
                foreach (var member in created.Members)
                {
                    Join(member.User, member.Role, e.Id);
                }

                break;
            case MessagePosted posted:
                _messages.Add(e.Id, new ModelMessage(e.Id, posted.From, posted.Text));
                (posted.ReplyTo == 0 || _messages.ContainsKey(posted.ReplyTo)).ShouldBeTrue(because);
                break;
            case MessageEdited edited:
                Standing(edited, because).From.ShouldBe(edited.From, because);
                _messages[edited.Target].Text = edited.Text;
                break;
            case MessageDeleted deleted:
                (Standing(deleted, because).From == deleted.From || _roles[deleted.From] >= MemberRole.Admin).ShouldBeTrue(because);
                _messages[deleted.Target].Delete();
                break;
            case ReactionAdded added:
                Standing(added, because).Reactions.Add((added.Emoji, added.From)).ShouldBeTrue(because);
                break;
            case ReactionRemoved removed:
                Standing(removed, because).Reactions.Remove((removed.Emoji, removed.From)).ShouldBeTrue(because);
                break;
            case MemberAdded added:
                (_roles[added.From] >= MemberRole.Admin).ShouldBeTrue(because);
                _roles.ShouldNotContainKey(added.User, because);
                Join(added.User, added.Role, e.Id);
                break;
            case MemberRemoved removed:
                (removed.User == removed.From || _roles[removed.From] > _roles[removed.User]).ShouldBeTrue(because);
                _roles[removed.User].ShouldBe(removed.Role, because);
                _roles.Remove(removed.User);
                var at = Memberships.FindIndex(m => m.User == removed.User && m.To == long.MaxValue);
                Memberships[at] = Memberships[at] with { To = e.Id };
                break;
            case RoleChanged changed:
                _roles[changed.From].ShouldBe(MemberRole.Owner, because);
                if (changed.Role == MemberRole.Owner)
                {
                    _roles[_roles.Single(role => role.Value == MemberRole.Owner).Key] = MemberRole.Admin;
                }

                _roles[changed.User] = changed.Role;
                break;
            case TitleChanged changed:
                (_roles[changed.From] >= MemberRole.Admin).ShouldBeTrue(because);
                break;
        }

        e.N.ShouldBe(_messages.Count, because);
        _roles.Values.Count(role => role == MemberRole.Owner).ShouldBe(_kind == ChannelKind.Group ? Math.Min(1, _roles.Count) : 0, because);
    }

    private void Join(UserId user, MemberRole role, long id)
    {
        _roles[user] = role;
        Memberships.Add((user, id, long.MaxValue));
    }

    private ModelMessage Standing(Annotation annotation, string because)
    {
        _messages.ShouldContainKey(annotation.Target, because);
        _messages[annotation.Target].IsDeleted.ShouldBeFalse(because);
        return _messages[annotation.Target];
    }
}

/// <summary>A message as it is now.</summary>
internal sealed class ModelMessage(long id, UserId from, string text)
{
    public long Id => id;

    public UserId From => from;

    public string Text { get; set; } = text;

    public bool IsDeleted { get; private set; }

    public HashSet<(string Emoji, UserId User)> Reactions { get; } = [];

    public void Delete()
    {
        (Text, IsDeleted) = ("", true);
        Reactions.Clear();
    }

    public override string ToString()
    {
        var reactions = Reactions.Select(r => $"{r.Emoji}{r.User}").Order(StringComparer.Ordinal);
        return $"{id} {from} '{Text}' {(IsDeleted ? "deleted" : "")} {string.Join(',', reactions)}";
    }
}
