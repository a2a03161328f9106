using System.Globalization;
using ChatAkka.Actors.Channels;
using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>
/// P1 to P5 and P7, presence and pushes against a simple model: random histories of all operations by five users with two devices each,
/// over stores that lose writes and answers, while devices come and go and any entity crashes. The order in which actors run is drawn from
/// the seed too, so a failure can be replayed.
/// </summary>
public sealed class ConversationModelTests
{
    // More of them for whoever changes what is modelled.
    private static readonly int Histories =
        int.Parse(Environment.GetEnvironmentVariable("CHATAKKA_HISTORIES") ?? "400", CultureInfo.InvariantCulture);

    private readonly HashSet<Type> _relayed = [];

    [Fact]
    public void Any_history_leaves_what_the_model_says()
    {
        var histories =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Choose(0, 250)
            from steps in Step.Any.ArrayOf(length)
            select (seed, steps);
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(histories, Shorter), history => Play(history.seed, history.steps)));
        Type[] all = [typeof(RelayEvents), typeof(RelayReceipts), typeof(RelayTyping), typeof(RelayProbe)];
        _relayed.ShouldBe(all, ignoreOrder: true, "what was relayed");
    }

    private void Play(int seed, Step[] steps)
    {
        using var world = new World(seed);
        world.Do(new Step(Verb.CreateGroup, 0, 1, 0, 2));
        foreach (var step in steps)
        {
            world.Do(step);
        }

        world.Settle();
        JudgePeople(world);
        JudgeLive(world);
        world.Leave();
        JudgePeople(world);
        world.Return();
        JudgePeople(world);
        ConversationJudge.Judge(world);
        _relayed.UnionWith(world.Node.Network.Relayed);
    }

    // P4: whoever has stayed connected has got everything.
    private static void JudgeLive(World world)
    {
        foreach (var device in world.Node.Devices.Where(device => device.IsLive))
        {
            foreach (var (channel, timeline) in device.Timelines)
            {
                var model = ChannelModel.Of(world.Node.Store.Truth.Timeline(channel));
                if (model.Roles.ContainsKey(device.User))
                {
                    timeline[^1].Id.ShouldBe(model.Head, $"device {device.Id} has all of {channel}");
                }
            }
        }
    }

    private static void JudgePeople(World world)
    {
        world.Node.Presence.JudgeSettled(world.Node.People, world.Node.PresenceStore);
        world.Node.Absence.Judge(world.Node.People, world.Channels);
        JudgeWatching(world);
    }

    // P7: whoever is connected shows those whom they may watch, as they are, without having asked again.
    private static void JudgeWatching(World world)
    {
        var node = world.Node;
        foreach (var device in node.Devices.Where(device => device is { IsLive: true, Watch: not null }))
        {
            var allowed = node.People.Where(other => node.Contacts.MayWatch(device.User, other)).ToList();
            device.Watch!.Allowed.ShouldBe(allowed, ignoreOrder: true, $"whom device {device.Id} watches");
            device.Watch.Online.ShouldBe(allowed.Where(node.Presence.IsOnline), ignoreOrder: true, $"who is online for device {device.Id}");
        }
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
