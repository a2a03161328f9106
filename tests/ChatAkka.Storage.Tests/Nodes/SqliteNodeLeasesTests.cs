using ChatAkka.Storage.Nodes;
using ChatAkka.Storage.Tests.Sqlite;

namespace ChatAkka.Storage.Tests.Nodes;

public sealed class SqliteNodeLeasesTests : IAsyncLifetime
{
    private static readonly StorageOptions Options = new() { NodeLeaseSeconds = 60 };

    private readonly SettableTime _time = new();
    private TestStore _test = null!;
    private SqliteNodeLeases _leases = null!;

    public Task InitializeAsync()
    {
        _test = new TestStore();
        _leases = new SqliteNodeLeases(_test.Store, Options, _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Acquire_gives_every_holder_a_number_of_its_own()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AcquireAsync($"holder-{i}")));

        leases.Select(lease => lease.Node).Order().ShouldBe(Enumerable.Range(0, 20));
        leases.ShouldAllBe(lease => lease.ExpiresAt == _time.Now + 60_000);
    }

    [Fact]
    public async Task Acquire_by_a_holder_extends_what_it_has()
    {
        var first = await AcquireAsync("a");
        _time.Now += 10_000;

        (await AcquireAsync("a")).ShouldBe(first with { ExpiresAt = first.ExpiresAt + 10_000 });
    }

    [Fact]
    public async Task Number_whose_holder_vanished_is_given_again_only_after_its_lease()
    {
        var vanished = await AcquireAsync("a");
        _time.Now = vanished.ExpiresAt;
        (await AcquireAsync("b")).Node.ShouldNotBe(vanished.Node);

        _time.Now = vanished.ExpiresAt + 1;
        (await AcquireAsync("c")).Node.ShouldBe(vanished.Node);
        (await _leases.RenewAsync(vanished, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Released_number_is_given_again_unless_the_clock_was_set_back()
    {
        var released = await AcquireAsync("a");
        _time.Now += 5_000;
        await _leases.ReleaseAsync(released, CancellationToken.None);

        _time.Now -= 1_000;
        (await AcquireAsync("b")).Node.ShouldNotBe(released.Node);
        _time.Now += 1_001;
        (await AcquireAsync("c")).Node.ShouldBe(released.Node);
    }

    [Fact]
    public async Task Renew_extends_and_never_shortens()
    {
        var lease = await AcquireAsync("a");
        _time.Now += 30_000;
        var renewed = (await _leases.RenewAsync(lease, CancellationToken.None)).ShouldNotBeNull();
        renewed.ShouldBe(lease with { ExpiresAt = _time.Now + 60_000 });

        _time.Now -= 30_000;
        (await _leases.RenewAsync(renewed, CancellationToken.None)).ShouldBe(renewed);
    }

    [Fact]
    public async Task Release_by_a_former_holder_leaves_the_lease_of_the_present_one()
    {
        var former = await AcquireAsync("a");
        _time.Now = former.ExpiresAt + 1;
        var present = await AcquireAsync("b");
        present.Node.ShouldBe(former.Node);

        await _leases.ReleaseAsync(former, CancellationToken.None);

        (await _leases.RenewAsync(present, CancellationToken.None)).ShouldNotBeNull();
        (await AcquireAsync("c")).Node.ShouldNotBe(present.Node);
    }

    [Fact]
    public async Task Acquire_fails_when_all_numbers_are_leased()
    {
        await Task.WhenAll(Enumerable.Range(0, 1_024).Select(i => AcquireAsync($"holder-{i}")));

        await Should.ThrowAsync<NoFreeNodeException>(AcquireAsync("one more"));
    }

    private Task<NodeLease> AcquireAsync(string holder) => _leases.AcquireAsync(holder, CancellationToken.None);

    private sealed class SettableTime : TimeProvider
    {
        public long Now { get; set; } = 1_800_000_000_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
    }
}
