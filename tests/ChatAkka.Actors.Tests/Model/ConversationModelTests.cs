using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// P1 to P5 and P7 against a simple model: random histories of all operations by five users with two devices each, over a store that loses writes and answers, while
/// devices come and go and any actor crashes. The order in which actors run is drawn from the seed too, so a failure can be replayed.
/// </summary>
public sealed class ConversationModelTests
{
    [Fact]
    public void Any_history_leaves_what_the_model_says()
    {
        var histories =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Choose(0, 250)
            from steps in Step.Any.ArrayOf(length)
            select (seed, steps);
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(histories, Shorter), history => Play(history.seed, history.steps)));
    }

    private static void Play(int seed, Step[] steps)
    {
        using var world = new World(seed);
        world.Do(new Step(Verb.CreateGroup, 0, 1, 0, 2));
        foreach (var step in steps)
        {
            world.Do(step);
        }

        world.Settle();
        var models = world.Channels.ToDictionary(channel => channel, channel => ChannelModel.Of(world.Store.Truth.Timeline(channel)));
        Judge(world);
        foreach (var (channel, model) in models)
        {
            Folded(world, channel, model);
            foreach (var device in world.Devices)
            {
                Timelines(device, channel, model, world.Store.Truth.Timeline(channel));
                Receipts(world, device, channel, model);
            }

            foreach (var user in world.Users)
            {
                (world.Ask(channel, user) is ChannelInfo).ShouldBe(model.Roles.ContainsKey(user), $"access of {user} to {channel}");
            }
        }
    }

    // P1, P3: what was acknowledged is stored, once.
    private static void Judge(World world)
    {
        foreach (var sends in world.Posts.GroupBy(post => (post.Command.Channel, post.Device.Id, post.Command.ClientId)))
        {
            var stored = world.Store.Truth.Timeline(sends.Key.Channel).OfType<MessagePosted>()
                .Where(m => m.Device == sends.Key.Id && m.ClientId == sends.Key.ClientId).ToList();
            stored.Count.ShouldBeLessThanOrEqualTo(1, "one message for one client id");
            var requests = sends.Select(send => send.Command.Request).ToHashSet();
            foreach (var posted in sends.First().Device.Replies.OfType<Posted>().Where(reply => requests.Contains(reply.Request)))
            {
                (stored.ShouldHaveSingleItem().Id, stored[0].N, stored[0].At).ShouldBe((posted.Id, posted.N, posted.At));
            }
        }

        foreach (var refused in world.MustBeRefused)
        {
            world.Devices.SelectMany(device => device.Replies).OfType<Posted>().ShouldNotContain(
                posted => !posted.Duplicate && posted.Request == refused.Request, "the sender was blocked");
            if (world.Posts.Count(post => post.Command.ClientId == refused.ClientId) == 1)
            {
                world.Store.Truth.Timeline(refused.Channel).OfType<MessagePosted>().ShouldNotContain(m => m.ClientId == refused.ClientId);
            }
        }
    }

    private static void Folded(World world, ChannelId channel, ChannelModel model)
    {
        var timeline = world.Store.Truth.Timeline(channel);
        var annotations = world.Store.Truth.ReadAnnotationsAsync(channel, 1, long.MaxValue, CancellationToken.None).Result;
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

        var receipt = world.Store.Truth.ReceiptOf(device.User, channel);
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

    private static IEnumerable<(int Seed, Step[] Steps)> Shorter((int Seed, Step[] Steps) history)
    {
        for (var stretch = history.Steps.Length / 2; stretch > 0; stretch /= 2)
        {
            for (var at = 0; at + stretch <= history.Steps.Length; at += stretch)
            {
                yield return (history.Seed, [.. history.Steps[..at], .. history.Steps[(at + stretch)..]]);
            }
        }
    }
}
