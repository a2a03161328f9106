using ChatAkka.Actors.Tests.Harness;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// Judges a reply at the moment it comes: what it acknowledges is stored, on both sides. Who is told of a membership, or of a message of a
/// direct channel, can rely on the users concerned having it in their own lists, whatever crashes next.
/// </summary>
internal sealed class ReplyJudge(TestStore truth)
{
    private readonly Dictionary<long, ChannelCommand> _commands = [];

    public void Note(ChannelCommand command) => _commands[command.Request] = command;

    public void Judge(ChannelReply reply)
    {
        switch (_commands[reply.Request], reply)
        {
            case (_, Posted posted):
                truth.Timeline(posted.Channel).Count.ShouldBeGreaterThanOrEqualTo((int)posted.Id, $"{posted} is stored");
                if (posted.Channel.IsDirect)
                {
                    var (smaller, larger) = posted.Channel.Users;
                    HasRecorded(smaller, posted.Channel, 1);
                    HasRecorded(larger, posted.Channel, 1);
                }

                break;
            case (_, Annotated annotated):
                truth.Timeline(annotated.Channel).Count.ShouldBeGreaterThanOrEqualTo((int)annotated.Id, $"{annotated} is stored");
                break;
            case (OpenDirect or CreateGroup or AddMember, ChannelInfo info):
                foreach (var member in info.View.Members)
                {
                    HasRecorded(member.User, info.Channel, member.Since);
                }

                break;
            case (RemoveMember remove, ChannelInfo info):
                var removal = truth.Timeline(info.Channel).OfType<MemberRemoved>()
                    .LastOrDefault(removed => removed.User == remove.User && removed.Id <= info.View.Head);
                HasRecorded(remove.User, info.Channel, removal?.Id ?? 0);
                break;
        }
    }

    private void HasRecorded(UserId user, ChannelId channel, long change)
    {
        var recorded = truth.EventsOf("user-" + user.Value).Select(e => e switch
        {
            ChannelJoined joined when joined.Channel == channel => joined.ChangeId,
            ChannelLeft left when left.Channel == channel => left.ChangeId,
            _ => 0,
        });
        recorded.Append(0).Max().ShouldBeGreaterThanOrEqualTo(change, $"{user} has recorded change {change} of {channel}");
    }
}
