using System.Threading.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Timelines;
using ChatAkka.Server.Tests.Support;
using ChatAkka.Storage;
using ChatAkka.Storage.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Server.Tests;

public sealed class NodeLeaseKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan Third = TimeSpan.FromSeconds(20);
    private static readonly NodeLease First = new(7, "me", 60_000);

    private readonly ManualTime _time = new();
    private readonly FakeLifetime _lifetime = new();
    private readonly FakeLeases _leases = new();
    private readonly SnowflakeGenerator _ids = new(7, TimeProvider.System) { ValidUntil = First.ExpiresAt };
    private readonly NodeLeaseKeeper _keeper;

    public NodeLeaseKeeperTests() => _keeper = new NodeLeaseKeeper(
        First, _leases, _ids, new StorageOptions { NodeLeaseSeconds = 60 }, _time, _lifetime, NullLogger<NodeLeaseKeeper>.Instance);

    public async Task InitializeAsync()
    {
        await _keeper.StartAsync(CancellationToken.None);
        await _time.TimerIn(Third);
    }

    public Task DisposeAsync()
    {
        _keeper.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Lease_is_renewed_at_each_third_of_its_time_from_the_newest_one()
    {
        _time.Advance(Third - TimeSpan.FromMilliseconds(1));
        _leases.Renewals.TryRead(out _).ShouldBeFalse("nothing is due");

        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await NextRenewal()).ShouldBe(First);
        _time.Advance(Third);
        (await NextRenewal()).ShouldBe(First with { ExpiresAt = 60_001 });
        _ids.ValidUntil.ShouldBeGreaterThanOrEqualTo(60_001, "ids may be made as long as the number is leased");
        _lifetime.StopAsked.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Node_whose_number_was_given_away_stops()
    {
        _leases.Renew = _ => null;
        _time.Advance(Third);
        await _lifetime.StopAsked.Within("the stop of the node");
    }

    [Fact]
    public async Task Store_that_cant_answer_is_asked_again_every_second_with_the_same_lease()
    {
        _leases.Renew = _ => throw new StorageUnavailableException("the disk is full");
        _time.Advance(Third);
        (await NextRenewal()).ShouldBe(First);
        await _time.TimerIn(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        (await NextRenewal()).ShouldBe(First);
        _leases.Renew = FakeLeases.Extend;
        _time.Advance(TimeSpan.FromSeconds(1));
        (await NextRenewal()).ShouldBe(First);
        await _time.TimerIn(Third);
        _lifetime.StopAsked.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Stop_gives_the_newest_lease_back()
    {
        _time.Advance(Third);
        await NextRenewal();
        await _keeper.StopAsync(CancellationToken.None);
        _leases.Released.ShouldBe([First with { ExpiresAt = 60_001 }]);
    }

    [Fact]
    public async Task Stop_succeeds_although_the_store_cant_answer()
    {
        _leases.FailRelease = true;
        await _keeper.StopAsync(CancellationToken.None);
        _leases.Released.ShouldBeEmpty();
    }

    private async Task<NodeLease> NextRenewal() => await _leases.Renewals.ReadAsync().AsTask().Within("a renewal");

    private sealed class FakeLeases : INodeLeases
    {
        private readonly Channel<NodeLease> _renewals = Channel.CreateUnbounded<NodeLease>();

        public ChannelReader<NodeLease> Renewals => _renewals.Reader;

        public Func<NodeLease, NodeLease?> Renew { get; set; } = Extend;

        public List<NodeLease> Released { get; } = [];

        public bool FailRelease { get; set; }

        public static NodeLease Extend(NodeLease lease) => lease with { ExpiresAt = lease.ExpiresAt + 1 };

        public Task<NodeLease> AcquireAsync(string holder, CancellationToken cancel) =>
            throw new InvalidOperationException("the keeper has a lease");

        // The answer is made before the test hears of the call: what the test changes then is for the next one.
        public Task<NodeLease?> RenewAsync(NodeLease lease, CancellationToken cancel)
        {
            try
            {
                return Task.FromResult(Renew(lease));
            }
            finally
            {
                _renewals.Writer.TryWrite(lease);
            }
        }

        public Task<IReadOnlyList<NodeLease>> ListAsync(CancellationToken cancel) =>
            throw new InvalidOperationException("the keeper knows its own");

        public Task ReleaseAsync(NodeLease lease, CancellationToken cancel)
        {
            if (FailRelease)
            {
                throw new StorageUnavailableException("the disk is full");
            }

            Released.Add(lease);
            return Task.CompletedTask;
        }
    }
}
