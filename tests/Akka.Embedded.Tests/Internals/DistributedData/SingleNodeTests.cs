using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.DistributedData;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Embedded.Tests.Internals.DistributedData;

/// <summary>A replicator that has nobody to replicate to: the node's own, as an application uses it.</summary>
public sealed class SingleNodeTests : TestKit.Xunit2.TestKit
{
    private static readonly ORSetKey<string> Users = new("users");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Akka.DistributedData.DistributedData _data;
    private readonly Akka.Cluster.Cluster _cluster;

    public SingleNodeTests()
    {
        _cluster = Akka.Cluster.Cluster.Get(Sys);
        _data = Sys.DistributedData();
    }

    [Fact]
    public void Value_is_made_changed_read_and_deleted()
    {
        _data.Replicator.Tell(Dsl.Get(Users));
        ExpectMsg(new NotFound(Users, null));
        _data.Replicator.Tell(Dsl.Update(Users, ORSet<string>.Empty, new WriteMajority(Timeout), "first", set => set.Add(_cluster, "x")));
        ExpectMsg(new UpdateSuccess(Users, "first"));
        _data.Replicator.Tell(Dsl.Update(Users, WriteLocal.Instance, set => set.Add(_cluster, "y")));
        ExpectMsg(new UpdateSuccess(Users, null));
        _data.Replicator.Tell(Dsl.Get(Users, new ReadAll(Timeout), "second"));
        var success = ExpectMsg<GetSuccess>();
        success.Get(Users).Order().ShouldBe(["x", "y"]);
        success.Request.ShouldBe("second");
        Should.Throw<ArgumentException>(() => success.Get(new FlagKey("users")));
        Should.Throw<ArgumentException>(() => success.Get(new ORSetKey<string>("other")));
        _data.Replicator.Tell(Dsl.GetKeyIds);
        ExpectMsg<GetKeysIdsResult>().Keys.ShouldBe(["users"]);
        _data.Replicator.Tell(Dsl.GetReplicaCount);
        ExpectMsg(new ReplicaCount(1));
        _data.Replicator.Tell(Dsl.Delete(Users, WriteLocal.Instance, "third"));
        ExpectMsg(new DeleteSuccess(Users, "third"));
        _data.Replicator.Tell(Dsl.Get(Users));
        ExpectMsg(new DataDeleted(Users));
        _data.Replicator.Tell(Dsl.GetKeyIds);
        ExpectMsg<GetKeysIdsResult>().Keys.ShouldBeEmpty();
    }

    [Fact]
    public void Update_that_fails_changes_nothing_and_says_why()
    {
        _data.Replicator.Tell(Dsl.Update(Users, ORSet<string>.Empty, WriteLocal.Instance, set => set.Add(_cluster, "x")));
        ExpectMsg<UpdateSuccess>();
        _data.Replicator.Tell(Dsl.Update<ORSet<string>>(Users, WriteLocal.Instance, _ => throw new InvalidDataException("no")));
        var failure = ExpectMsg<ModifyFailure>();
        failure.ErrorMessage.ShouldBe("Update failed: no");
        Should.Throw<InvalidDataException>(failure.ThrowOnFailure);
        _data.Replicator.Tell(Dsl.Update(new FlagKey("users"), WriteLocal.Instance, flag => flag.SwitchOn()));
        ExpectMsg<ModifyFailure>();
        _data.Replicator.Tell(new Update(Users, WriteLocal.Instance, _ => Flag.True));
        ExpectMsg<ModifyFailure>();
        _data.Replicator.Tell(Dsl.Get(Users));
        ExpectMsg<GetSuccess>().Get(Users).ShouldBe(["x"]);
    }

    [Fact]
    public void Subscriber_is_told_of_values_and_of_the_deletion()
    {
        _data.Replicator.Tell(Dsl.Subscribe(Users, TestActor));
        _data.Replicator.Tell(Dsl.Update(Users, ORSet<string>.Empty, WriteLocal.Instance, set => set.Add(_cluster, "x")));
        ExpectMsg<UpdateSuccess>();
        ExpectMsg<Changed>().Get(Users).ShouldBe(["x"]);
        _data.Replicator.Tell(Dsl.Delete(Users, WriteLocal.Instance));
        ExpectMsg<DeleteSuccess>();
        ExpectMsg(new DataDeleted(Users));
    }

    [Fact]
    public async Task Tasks_do_the_same()
    {
        (await _data.GetAsync(Users)).ShouldBeNull();
        await _data.UpdateAsync(Users, ORSet<string>.Empty.Add(_cluster, "x"));
        await _data.UpdateAsync(Users, (await _data.GetAsync(Users))!.Add(_cluster, "y"), new WriteMajority(Timeout));
        (await _data.GetAsync(Users, new ReadMajority(Timeout)))!.Order().ShouldBe(["x", "y"]);
        (await _data.GetKeysAsync()).ShouldBe(["users"]);
        await _data.DeleteAsync(Users);
        await Should.ThrowAsync<DataDeletedException>(() => _data.GetAsync(Users));
        await Should.ThrowAsync<DataDeletedException>(() => _data.UpdateAsync(Users, ORSet<string>.Empty));
        await Should.ThrowAsync<DataDeletedException>(() => _data.DeleteAsync(Users));
    }

    [Fact]
    public void Clock_of_a_register_is_that_of_the_system()
    {
        var key = new LWWRegisterKey<string>("register");
        _data.Replicator.Tell(Dsl.Update(key, null!, WriteLocal.Instance, null, _ => new LWWRegister<string>(_cluster.SelfUniqueAddress, "x")));
        ExpectMsg<UpdateSuccess>();
        _data.Replicator.Tell(Dsl.Get(key));
        ExpectMsg<GetSuccess>().Get(key).Timestamp.ShouldBeInRange(DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);
    }

    [Fact]
    public async Task Host_starts_it_with_its_options()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddAkka("hosted", akka => akka
            .AddSetup(new DistributedDataSetup { Settings = ReplicatorSettings.Default.WithGossipInterval(TimeSpan.FromSeconds(1)) })
            .WithDistributedData(options => options.PreferOldest = true));
        using var host = builder.Build();
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        system.HasExtension<Akka.DistributedData.DistributedData>().ShouldBeTrue();
        var settings = ReplicatorSettings.Create(system);
        settings.PreferOldest.ShouldBeTrue();
        settings.GossipInterval.ShouldBe(TimeSpan.FromSeconds(1));
        system.DistributedData().Replicator.Path.Name.ShouldBe("ddataReplicator");
        system.DistributedData().IsTerminated.ShouldBeFalse();
        await host.StopAsync();
    }

    [Fact]
    public async Task Node_without_the_role_has_no_replicator()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddAkka("hosted", akka => akka.WithDistributedData(new DDataOptions { Role = "other" }));
        using var host = builder.Build();
        await host.StartAsync();
        var data = host.Services.GetRequiredService<ActorSystem>().DistributedData();
        data.IsTerminated.ShouldBeTrue();
        data.Replicator.ShouldBe(host.Services.GetRequiredService<ActorSystem>().DeadLetters);
        await host.StopAsync();
    }
}
