using System.Globalization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Domain.Tests.Channels;

/// <summary>People, channels and commands that the tests share.</summary>
internal static class Sample
{
    public static readonly ChannelId Group = new("900");
    public static readonly UserId Ann = User(1);
    public static readonly UserId Bob = User(2);
    public static readonly UserId Cid = User(3);
    public static readonly UserId Dan = User(4);
    public static readonly UserId Eve = User(5);
    public static readonly ChannelId Direct = ChannelId.Direct(Ann, Bob);

    public static UserId User(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The user's device: a number of its own for each.</summary>
    public static DeviceId Device(UserId user, int which = 0) => new($"{user.Value}0{which}");

    public static PostMessage Post(
        ChannelId channel, UserId by, string clientId, int device = 0, long replyTo = 0, bool mayOpen = false, params UserId[] mentions) =>
        new(channel, by, 7, Device(by, device), clientId, $"text of {clientId}", replyTo, [.. mentions], mayOpen);

    public static CreateGroup Create(UserId by, params UserId[] members) => new(Group, by, 7, "title", [.. members]);

    /// <summary>A group with this owner and these members.</summary>
    public static TestChannel GroupOf(UserId owner, params UserId[] members)
    {
        var channel = new TestChannel(Group);
        channel.Do(Create(owner, members));
        return channel;
    }

    /// <summary>The open direct channel of Ann and Bob.</summary>
    public static TestChannel DirectOfAnnAndBob()
    {
        var channel = new TestChannel(Direct);
        channel.Do(new OpenDirect(Direct, Ann, 7));
        return channel;
    }

    public static void ShouldBeRefused(this ChannelReply reply, Refusal reason) => reply.ShouldBeOfType<Refused>().Reason.ShouldBe(reason);

    /// <summary>Everything that members see, comparable.</summary>
    public static string Contents(this ChannelView view)
    {
        var members = string.Join(' ', view.Members.Select(m => $"{m.User}:{m.Role}:{m.Since}"));
        return $"{view.Id} {view.Kind} '{view.Title}' [{members}] {view.Head}/{view.N}";
    }

    /// <summary>Everything that a state is made of, comparable.</summary>
    public static string Contents(this ChannelState state) => $"{state.View().Contents()} by {state.Creator} {state.Sends.Contents()}";

    /// <summary>Everything that a log is made of, comparable.</summary>
    public static string Contents(this SendLog log)
    {
        var blocks = log.Blocks.Select(b => $"{b.First}-{b.Last}:{b.Shift}:{Convert.ToHexString(b.Bytes.Span)}");
        return $"{string.Join(' ', blocks)} {log.OpenFirst}: {string.Join(' ', log.OpenKeys.ToArray())}";
    }

    /// <summary>The state rebuilt from copies of what its accessors say, as a snapshot would.</summary>
    public static ChannelState Restored(this ChannelState state) => ChannelState.Restore(
        state.Id, state.Kind, state.Title, state.Creator, state.Members, state.Head, state.N, state.Sends.Restored());

    /// <summary>The log rebuilt from copies of what its accessors say.</summary>
    public static SendLog Restored(this SendLog log)
    {
        var blocks = log.Blocks.Select(b => SendBlock.Restore(b.First, b.Shift, b.Bytes.ToArray()));
        return SendLog.Restore([.. blocks], log.OpenFirst, log.OpenKeys);
    }
}
