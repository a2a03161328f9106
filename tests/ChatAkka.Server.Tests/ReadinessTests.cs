using ChatAkka.Server.Tests.Support;
using ChatAkka.Storage;

namespace ChatAkka.Server.Tests;

public sealed class ReadinessTests
{
    private readonly FakeLifetime _lifetime = new();
    private readonly Readiness _readiness;
    private bool _isMember = true;
    private StorageHealth _health = new(StorageState.Available, DateTimeOffset.UnixEpoch, "It commits.");

    public ReadinessTests() => _readiness = new Readiness(_lifetime, () => _health, () => _isMember);

    [Fact]
    public void Node_that_has_not_started_is_not_ready() => _readiness.NotReadyReason.ShouldBe("The node is starting.");

    [Fact]
    public void Started_node_whose_store_commits_is_ready()
    {
        _lifetime.Start();
        _readiness.NotReadyReason.ShouldBeNull();
    }

    [Fact]
    public void Node_whose_store_cant_commit_is_not_ready_until_it_can_and_gives_the_stores_reason()
    {
        _lifetime.Start();
        var available = _health;
        _health = new StorageHealth(StorageState.Unavailable, DateTimeOffset.UnixEpoch, "The disk is full.");
        _readiness.NotReadyReason.ShouldBe("The disk is full.");

        _health = available;
        _readiness.NotReadyReason.ShouldBeNull();
    }

    [Fact]
    public void Node_that_its_cluster_has_not_taken_in_is_not_ready()
    {
        _lifetime.Start();
        _isMember = false;
        _readiness.NotReadyReason.ShouldBe("The cluster hasn't taken the node in yet.");

        _isMember = true;
        _readiness.NotReadyReason.ShouldBeNull();
    }

    [Fact]
    public void Node_that_stops_is_not_ready()
    {
        _lifetime.Start();
        _lifetime.StopApplication();
        _readiness.NotReadyReason.ShouldBe("The node is stopping.");
    }
}
