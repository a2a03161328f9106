using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;
using ChatAkka.Server.Recovery;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Server.Tests.Recovery;

/// <summary>What dead nodes left is taken over: at a start, when somebody says so, and when their leases have ended.</summary>
public sealed class NodeRecoveryTests : IAsyncLifetime
{
    private static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(30);
    private static readonly StorageOptions Options = new() { Provider = StorageOptions.Memory, NodeLeaseSeconds = 60 };
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);
    private static readonly UserId Ann = new("11");
    private static readonly UserId Bob = new("12");

    private readonly ManualTime _time = new();
    private ChatStore _store = null!;
    private NodeLease _mine = null!;
    private NodeLease _other = null!;
    private NodeRecovery _recovery = null!;

    public async Task InitializeAsync()
    {
        _store = await ChatStore.OpenAsync(Options, _time, CancellationToken.None);
        _mine = await _store.Leases.AcquireAsync("mine", CancellationToken.None);
        _other = await _store.Leases.AcquireAsync("other", CancellationToken.None);
        await SaveAsync(_mine, Ann);
        await SaveAsync(_other, Bob);
        _recovery = new NodeRecovery(
            _mine, _store.Leases, _store.Records, Options, OnlineFor, [], _time, NullLogger<NodeRecovery>.Instance);
        await _recovery.StartAsync(CancellationToken.None);
        await _time.TimerIn(Period);
    }

    public async Task DisposeAsync()
    {
        await _recovery.StopAsync(CancellationToken.None).Within("the stop of the recovery");
        _recovery.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        _time.Timers.ShouldBe(0);
        _recovery.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Node_that_is_said_to_be_dead_is_recovered_at_once_and_its_users_are_looked_after_in_time()
    {
        _recovery.Died(_other.Holder);
        _recovery.Died("nobody that was ever heard of");

        await RecordsBecomeAsync(_mine.Node);
        (await _store.Reviews.ClaimDueAsync(_time.Ms + 29_999, 0, 9, CancellationToken.None)).ShouldBeEmpty();
        (await _store.Reviews.ClaimDueAsync(_time.Ms + 30_000, 0, 9, CancellationToken.None)).ShouldBe([Bob]);
    }

    [Fact]
    public async Task Node_that_does_not_renew_is_recovered_when_it_can_not_any_more()
    {
        // The end of the lease, and half of its length.
        for (var i = 1; i <= 4; i++)
        {
            await RenewAsync(_mine);
            _time.Advance(Period);
            await _time.TimerIn(Period);
            (await _store.Records.ListAsync(CancellationToken.None)).ShouldContain(_other.Node, $"after {i * 20} s");
        }

        await RenewAsync(_mine);
        _time.Advance(Period);

        await RecordsBecomeAsync(_mine.Node);
    }

    [Fact]
    public async Task Node_that_was_out_of_reach_itself_takes_nobody_for_dead()
    {
        _time.Advance(TimeSpan.FromSeconds(200));
        await _time.TimerIn(Period);
        await RenewAsync(_other);
        await RenewAsync(_mine);
        _time.Advance(Period);
        await _time.TimerIn(Period);

        (await _store.Records.ListAsync(CancellationToken.None)).ShouldBe([_mine.Node, _other.Node], ignoreOrder: true);
    }

    [Fact]
    public void Only_ended_leases_are_dead_at_a_start_among_others_and_all_of_them_for_one_who_is_alone()
    {
        NodeLease[] leases = [new(0, "ended", 1_000), new(1, "late", 1_001), new(2, "me", 9_000)];

        DeadNodes.AtStart(leases, leases[2], isAlone: false, now: 1_501, graceMs: 500).ShouldBe([leases[0], leases[2]]);
        DeadNodes.AtStart(leases, leases[2], isAlone: true, now: 0, graceMs: 500).ShouldBe(leases);
    }

    [Fact]
    public void Node_never_takes_itself_for_dead_while_it_runs()
    {
        NodeLease[] leases = [new(0, "ended", 1_000), new(2, "me", 1_000)];

        DeadNodes.Among(leases, leases[1], ["me"], now: 5_000, graceMs: 500).ShouldBeEmpty();
        DeadNodes.Among(leases, leases[1], ["ended"], now: 5_000, graceMs: 500).ShouldBe([leases[0]]);
    }

    private Task RenewAsync(NodeLease lease) => _store.Leases.RenewAsync(lease, CancellationToken.None);

    private Task SaveAsync(NodeLease node, UserId user) =>
        _store.PresenceOf(node).SaveAsync([new PresenceRecord(user, true, _time.Ms)], CancellationToken.None);

    private async Task RecordsBecomeAsync(params int[] nodes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await _store.Records.ListAsync(patience.Token)).SetEquals(nodes))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
