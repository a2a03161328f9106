using Akka.Actor;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// What was posted, and who is blocked from posting: contacts change as over the HTTP API, which tells the channel of the two, and when
/// that has answered, both users.
/// </summary>
internal sealed class Conversation(ModelNode node)
{
    private readonly List<(ModelDevice Device, PostMessage Command)> _posts = [];
    private readonly HashSet<(ChannelId, UserId)> _blocked = [];
    private readonly List<PostMessage> _mustBeRefused = [];

    public IReadOnlyList<(ModelDevice Device, PostMessage Command)> Posts => _posts;

    public IEnumerable<PostMessage> MustBeRefused => _mustBeRefused;

    public void Post(ModelDevice device, PostMessage post)
    {
        _posts.Add((device, post));
        if (_blocked.Contains((post.Channel, post.By)))
        {
            _mustBeRefused.Add(post);
        }

        node.Tell(device, post);
    }

    public void Repeat(int which, long request)
    {
        if (_posts.Count > 0)
        {
            var (author, post) = _posts[which % _posts.Count];
            Post(author, post with { Request = request });
        }
    }

    public void Befriend(UserId user, UserId other) => Change(user, other, () => node.Contacts.Befriend(user, other));

    public void Unfriend(UserId user, UserId other) => Change(user, other, () => node.Contacts.Unfriend(user, other));

    // From the answer on nothing new gets through.
    public void Block(UserId user, UserId other)
    {
        if (Change(user, other, () => node.Contacts.Block(user, other)))
        {
            _blocked.Add((ChannelId.Direct(user, other), other));
        }
    }

    public void Unblock(UserId user, UserId other)
    {
        var channel = ChannelId.Direct(user, other);
        _blocked.Remove((channel, other));

        // What isn't answered yet may be decided after the change.
        _mustBeRefused.RemoveAll(post => post.Channel == channel && post.By == other && !IsAnswered(post));
        Change(user, other, () => node.Contacts.Unblock(user, other));
    }

    private bool IsAnswered(PostMessage post) =>
        node.Devices.Exists(device => device.Replies.Exists(reply => reply.Request == post.Request));

    // False if the channel didn't answer: whoever asked for the change would ask again.
    private bool Change(UserId user, UserId other, Action change)
    {
        change();
        var answer = node.Channels.Ask<BlocksForgotten>(new ForgetBlocks(ChannelId.Direct(user, other)), TimeSpan.FromSeconds(30));
        for (var i = 0; i < 50 && !answer.IsCompleted; i++)
        {
            node.Advance(TimeSpan.FromMilliseconds(100));
        }

        node.Users.Tell(new ContactsChanged(user), ActorRefs.NoSender);
        node.Users.Tell(new ContactsChanged(other), ActorRefs.NoSender);
        return answer.IsCompletedSuccessfully;
    }
}
