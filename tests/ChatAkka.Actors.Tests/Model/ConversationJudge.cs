using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// Judges what was said and read, when everybody is back: replies, timelines, folded pages, receipts, unread counts, access.
/// </summary>
internal static class ConversationJudge
{
    public static void Judge(World world)
    {
        Sends(world);
        foreach (var channel in world.Channels)
        {
            var timeline = world.Node.Store.Truth.Timeline(channel);
            var model = ChannelModel.Of(timeline);
            Folded(world, channel, model);
            foreach (var device in world.Node.Devices)
            {
                Timelines(device, channel, model, timeline);
                Receipts(world, device, channel, model);
            }

            foreach (var user in world.Node.People)
            {
                (world.Ask(channel, user) is ChannelInfo).ShouldBe(model.Roles.ContainsKey(user), $"access of {user} to {channel}");
            }
        }
    }

    // P1, P3: what was acknowledged is stored, once.
    private static void Sends(World world)
    {
        foreach (var sends in world.Conversation.Posts.GroupBy(post => (post.Command.Channel, post.Device.Id, post.Command.ClientId)))
        {
            var stored = world.Node.Store.Truth.Timeline(sends.Key.Channel).OfType<MessagePosted>()
                .Where(m => m.Device == sends.Key.Id && m.ClientId == sends.Key.ClientId).ToList();
            stored.Count.ShouldBeLessThanOrEqualTo(1, "one message for one client id");
            var requests = sends.Select(send => send.Command.Request).ToHashSet();
            foreach (var posted in sends.First().Device.Replies.OfType<Posted>().Where(reply => requests.Contains(reply.Request)))
            {
                (stored.ShouldHaveSingleItem().Id, stored[0].N, stored[0].At).ShouldBe((posted.Id, posted.N, posted.At));
            }
        }

        foreach (var refused in world.Conversation.MustBeRefused)
        {
            world.Node.Devices.SelectMany(device => device.Replies).OfType<Posted>().ShouldNotContain(
                posted => !posted.Duplicate && posted.Request == refused.Request, "the sender was blocked");
            if (world.Conversation.Posts.Count(post => post.Command.ClientId == refused.ClientId) == 1)
            {
                world.Node.Store.Truth.Timeline(refused.Channel).OfType<MessagePosted>()
                    .ShouldNotContain(m => m.ClientId == refused.ClientId);
            }
        }
    }

    private static void Folded(World world, ChannelId channel, ChannelModel model)
    {
        var timeline = world.Node.Store.Truth.Timeline(channel);
        var annotations = world.Node.Store.Truth.ReadAnnotationsAsync(channel, 1, long.MaxValue, CancellationToken.None).Result;
        var page = FoldedMessage.Of([.. timeline.OfType<MessagePosted>()], [.. annotations]);
        page.Select(Show).ShouldBe(model.Messages.Select(message => message.ToString()));
    }

    // P2, P4, P7: a member's device has everything from where it began, and nobody has what is none of theirs.
    private static void Timelines(ModelDevice device, ChannelId channel, ChannelModel model, IReadOnlyList<ChannelEvent> timeline)
    {
        if (!model.Roles.ContainsKey(device.User))
        {
            device.Timelines.ShouldNotContainKey(channel, $"{device.User} is no member");
            return;
        }

        device.IsLive.ShouldBeTrue($"device {device.Id} came back");
        if (device.Timelines.TryGetValue(channel, out var seen))
        {
            seen[^1].Id.ShouldBe(model.Head, $"device {device.Id} has all of {channel}");
            seen.Select(e => e.ToString()).ShouldBe(timeline.Skip((int)seen[0].Id - 1).Select(e => e.ToString()));
        }
        else
        {
            model.Head.ShouldBe(0, $"device {device.Id} has nothing of {channel}");
        }
    }

    private static void Receipts(World world, ModelDevice device, ChannelId channel, ChannelModel model)
    {
        if (!model.Roles.ContainsKey(device.User))
        {
            return;
        }

        var receipt = world.Node.Store.Truth.ReceiptOf(device.User, channel);
        var joined = model.Memberships.Last(m => m.User == device.User).From;
        var said = world.Read.GetValueOrDefault((device.User, channel));
        var read = said >= joined ? said : joined - 1;
        Math.Max(receipt.Read, joined - 1).ShouldBe(read, $"{device.User} has read {channel}");
        receipt.Delivered.ShouldBeLessThanOrEqualTo(model.Head);
        if (receipt.Read >= joined)
        {
            receipt.ReadN.ShouldBe(model.CountUpTo(receipt.Read));
            device.Read.GetValueOrDefault(channel).ShouldBe(receipt.Read, "read on one device is read on all");
        }
    }

    private static string Show(FoldedMessage message)
    {
        var shown = new ModelMessage(message.Posted.Id, message.Posted.From, message.Text);
        foreach (var reaction in message.Reactions)
        {
            shown.Reactions.UnionWith(reaction.Users.Select(user => (reaction.Emoji, user)));
        }

        if (message.Deleted)
        {
            shown.Delete();
        }

        return shown.ToString();
    }
}
