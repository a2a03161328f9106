using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Nodes;

/// <summary>What every store must do for the leases of node numbers.</summary>
public abstract class NodeLeasesContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private readonly SettableTime _time = new();

    private protected override StorageOptions Options { get; } = new() { NodeLeaseSeconds = 60 };

    private protected override TimeProvider Time => _time;

    private INodeLeases Leases => Store.Leases;

    [SkippableFact]
    public async Task Acquire_gives_every_holder_a_number_of_its_own()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AcquireAsync($"holder-{i}")));

        leases.Select(lease => lease.Node).Order().ShouldBe(Enumerable.Range(0, 20));
        leases.ShouldAllBe(lease => lease.ExpiresAt == _time.Now + 60_000);
    }

    [SkippableFact]
    public async Task Acquire_by_a_holder_extends_what_it_has()
    {
        var first = await AcquireAsync("a");
        _time.Now += 10_000;

        (await AcquireAsync("a")).ShouldBe(first with { ExpiresAt = first.ExpiresAt + 10_000 });
    }

    [SkippableFact]
    public async Task Number_whose_holder_vanished_is_given_again_only_after_its_lease()
    {
        var vanished = await AcquireAsync("a");
        _time.Now = vanished.ExpiresAt;
        (await AcquireAsync("b")).Node.ShouldNotBe(vanished.Node);

        _time.Now = vanished.ExpiresAt + 1;
        (await AcquireAsync("c")).Node.ShouldBe(vanished.Node);
        (await Leases.RenewAsync(vanished, CancellationToken.None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Released_number_is_given_again_unless_the_clock_was_set_back()
    {
        var released = await AcquireAsync("a");
        _time.Now += 5_000;
        await Leases.ReleaseAsync(released, CancellationToken.None);

        _time.Now -= 1_000;
        (await AcquireAsync("b")).Node.ShouldNotBe(released.Node);
        _time.Now += 1_001;
        (await AcquireAsync("c")).Node.ShouldBe(released.Node);
    }

    [SkippableFact]
    public async Task Renew_extends_and_never_shortens()
    {
        var lease = await AcquireAsync("a");
        _time.Now += 30_000;
        var renewed = (await Leases.RenewAsync(lease, CancellationToken.None)).ShouldNotBeNull();
        renewed.ShouldBe(lease with { ExpiresAt = _time.Now + 60_000 });

        _time.Now -= 30_000;
        (await Leases.RenewAsync(renewed, CancellationToken.None)).ShouldBe(renewed);
    }

    [SkippableFact]
    public async Task Release_by_a_former_holder_leaves_the_lease_of_the_present_one()
    {
        var former = await AcquireAsync("a");
        _time.Now = former.ExpiresAt + 1;
        var present = await AcquireAsync("b");
        present.Node.ShouldBe(former.Node);

        await Leases.ReleaseAsync(former, CancellationToken.None);

        (await Leases.RenewAsync(present, CancellationToken.None)).ShouldNotBeNull();
        (await AcquireAsync("c")).Node.ShouldNotBe(present.Node);
    }

    [SkippableFact]
    public async Task Acquire_fails_when_all_numbers_are_leased()
    {
        await Task.WhenAll(Enumerable.Range(0, 1_024).Select(i => AcquireAsync($"holder-{i}")));

        await Should.ThrowAsync<NoFreeNodeException>(AcquireAsync("one more"));
    }

    [SkippableFact]
    public async Task Lease_is_respected_after_a_restart()
    {
        var held = await AcquireAsync("a");

        await Tested.ReopenAsync();

        (await AcquireAsync("b")).Node.ShouldNotBe(held.Node);
        (await Leases.RenewAsync(held, CancellationToken.None)).ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task All_leases_are_listed_also_those_that_have_ended()
    {
        (await Leases.ListAsync(CancellationToken.None)).ShouldBeEmpty();
        var (first, second) = (await AcquireAsync("a"), await AcquireAsync("b"));
        _time.Now += 5_000;
        await Leases.ReleaseAsync(first, CancellationToken.None);

        (await Leases.ListAsync(CancellationToken.None)).ShouldBe([first with { ExpiresAt = _time.Now }, second], ignoreOrder: true);
    }

    private Task<NodeLease> AcquireAsync(string holder) => Leases.AcquireAsync(holder, CancellationToken.None);
}
