using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.InMemory;
using ChatAkka.Storage.Journals;
using ChatAkka.Tests;

namespace ChatAkka.Actors.Tests.Faults;

/// <summary>
/// P1 to P4 and P6 over a journal whose writes fail, with and without being stored, take their time or hang: no false acknowledgement,
/// nothing acknowledged lost, nothing doubled by being repeated, dense ids, and everybody has everything in order.
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    // The channel writes the first by itself and what waits meanwhile by up to 256: four writes at least.
    private const int Messages = 600;

    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");
    private static readonly UserId Cid = new("13");
    private static readonly ChannelId Group = new("31");
    private static readonly ChannelId Other = new("32");

    private readonly InMemoryData _data = new();
    private readonly FaultyNode _node;
    private Device _ann = null!;
    private Device[] _devices = null!;

    public FaultTests() => _node = new FaultyNode(_data);

    /// <summary>Each fault on the write of the first, of a middle and of the last message.</summary>
    public static TheoryData<Fault, int> Faults
    {
        get
        {
            TheoryData<Fault, int> faults = [];
            foreach (var fault in (Fault[])[Fault.FailsBefore, Fault.FailsAfter, Fault.IsDelayed, Fault.Hangs])
            {
                faults.Add(fault, 0);
                faults.Add(fault, Messages / 2);
                faults.Add(fault, Messages - 1);
            }

            return faults;
        }
    }

    public async Task InitializeAsync()
    {
        _ann = await _node.ConnectAsync(Ann, new DeviceId("21"));
        _devices = [_ann, await _node.ConnectAsync(Bob, new DeviceId("22")), await _node.ConnectAsync(Cid, new DeviceId("23"))];
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Burst_with_a_fault_is_acknowledged_stored_and_delivered_once(Fault fault, int at)
    {
        await CreateGroupsAsync();
        _node.Plan.Strike(fault, row => Posts(row, $"c{at}"));

        var sending = _ann.SendAsync(Group, Messages);
        await _node.Plan.Struck.Within("the fault");
        if (fault == Fault.Hangs)
        {
            await _devices[1].SendAsync(Other, 1).Within("another channel");
            (await _ann.AcknowledgedAsync()).ShouldNotContain($"c{at}", "its write hangs");
            _node.Plan.Release();
        }

        await JudgeAsync(await sending.Within("the burst"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Bursts_through_many_faults_are_acknowledged_stored_and_delivered_once(int seed)
    {
        const int bursts = 30;
        Fault[] kinds = [Fault.None, Fault.FailsBefore, Fault.FailsAfter, Fault.IsDelayed];
        await CreateGroupsAsync();
        var random = new Random(seed);
        var left = 20;
        _node.Plan.Choose(rows =>
        {
            if (left == 0 || !IsOf(rows[0], Group))
            {
                return Fault.None;
            }

            left--;
            return kinds[random.Next(kinds.Length)];
        });

        for (var burst = 0; burst < bursts - 1; burst++)
        {
            await _ann.SendAsync(Group, 20, from: burst * 20).Within($"burst {burst}");
        }

        left.ShouldBe(0, "all of them came");
        await JudgeAsync(await _ann.SendAsync(Group, 20, from: (bursts - 1) * 20).Within("the last burst"));
    }

    [Fact]
    public async Task Write_that_another_node_overtakes_while_it_hangs_is_not_acknowledged_but_its_repeat_is()
    {
        await CreateGroupsAsync();
        await using var elsewhere = new FaultyNode(_data);
        var laptop = await elsewhere.ConnectAsync(Bob, new DeviceId("24"));
        _node.Plan.Strike(Fault.Hangs, row => Posts(row, "c0"));
        var sending = _ann.SendAsync(Group, Messages);
        await _node.Plan.Struck.Within("the fault");

        // That node has a channel of its own, which writes the number that hangs here.
        var theirs = await laptop.SendAsync(Group, 10).Within("the burst elsewhere");
        (await _ann.AcknowledgedAsync()).ShouldBeEmpty();
        _node.Plan.Release();

        await JudgeAsync((_ann, await sending.Within("the burst")), (laptop, theirs));
    }

    [Theory]
    [InlineData(Fault.FailsBefore)]
    [InlineData(Fault.FailsAfter)]
    [InlineData(Fault.IsDelayed)]
    [InlineData(Fault.Hangs)]
    public async Task Membership_whose_write_meets_a_fault_is_acknowledged_when_it_is_recorded(Fault fault)
    {
        _node.Plan.Strike(fault, row => row.PersistenceId == $"user-{Bob}");

        var creating = CreateGroupsAsync();
        await _node.Plan.Struck.Within("the fault");
        if (fault == Fault.Hangs)
        {
            creating.IsCompleted.ShouldBeFalse("a member hasn't recorded it");
            _node.Plan.Release();
        }

        await creating.Within("the groups");
        await JudgeAsync(await _ann.SendAsync(Group, 3).Within("the messages"));
    }

    [Theory]
    [InlineData(Fault.FailsBefore)]
    [InlineData(Fault.FailsAfter)]
    [InlineData(Fault.IsDelayed)]
    public async Task Group_whose_creation_meets_a_fault_exists_once_it_is_acknowledged(Fault fault)
    {
        _node.Plan.Strike(fault, row => IsOf(row, Group));

        await CreateGroupsAsync().Within("the groups");

        await JudgeAsync(await _ann.SendAsync(Group, 3).Within("the messages"));
    }

    private static bool IsOf(JournalRow row, ChannelId channel) => row.PersistenceId == $"channel-{channel}";

    private static bool Posts(JournalRow row, string clientId) =>
        IsOf(row, Group) && ChannelEventCodec.Decode(row.Manifest, row.Payload) is MessagePosted posted && posted.ClientId == clientId;

    private async Task CreateGroupsAsync()
    {
        await _node.CreateGroupAsync(Group, Ann, Bob, Cid);
        await _node.CreateGroupAsync(Other, Bob, Cid);
    }

    private Task JudgeAsync(IReadOnlyDictionary<string, Posted> posted) => JudgeAsync((_ann, posted));

    private async Task JudgeAsync(params (Device Device, IReadOnlyDictionary<string, Posted> Posted)[] acknowledged)
    {
        var stored = _node.Stored(Group);
        stored.Select(e => e.Id).ShouldBe(Enumerable.Range(1, stored.Count).Select(i => (long)i));
        stored.OfType<MessagePosted>().Select(message => (message.Device, message.ClientId, message.Id, message.N)).ShouldBe(
            acknowledged.SelectMany(sender => sender.Posted.Select(
                answer => (sender.Device.Id, answer.Key, answer.Value.Id, answer.Value.N))),
            ignoreOrder: true);
        foreach (var device in _devices)
        {
            var received = await device.ReceivedAsync(Group, stored.Count);
            received.Select(e => e.ToString()).ShouldBe(stored.Select(e => e.ToString()));
        }
    }
}
