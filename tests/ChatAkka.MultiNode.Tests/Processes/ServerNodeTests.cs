using System.Net;
using ChatAkka.Replay.Server;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Processes;

/// <summary>What the tests do to a node happens to its process.</summary>
public sealed class ServerNodeTests : IAsyncLifetime
{
    private readonly ClusterOfServers _servers = new(new ClusterSettings(ServerLocation.Find(null)) { Nodes = 1 });

    private ServerNode Node => _servers.All[0];

    public Task InitializeAsync() => Node.StartAsync();

    public async Task DisposeAsync() => await _servers.DisposeAsync();

    [Fact]
    public async Task Killed_node_comes_back_at_its_address()
    {
        var (pid, address) = (Node.Pid, Node.Uri);

        await Node.KillAsync();
        Node.IsRunning.ShouldBeFalse();
        (await Node.AskAsync()).ShouldBeNull();
        await Node.StartAsync();

        (Node.Uri, Node.Lives).ShouldBe((address, 2));
        Node.Pid.ShouldNotBe(pid);
        _servers.TakeTroubles().ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Frozen_node_answers_nothing_until_it_goes_on()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The numbers of its signals are Linux's.");

        Node.Freeze();
        (await Node.AskAsync()).ShouldBeNull();
        Node.IsFrozen.ShouldBeTrue();
        Node.Thaw();

        (await Node.AskAsync())!.Value.Status.ShouldBe(HttpStatusCode.OK);
        (Node.IsFrozen, Node.Lives).ShouldBe((false, 1));
    }

    [SkippableFact]
    public async Task Frozen_node_can_be_killed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The numbers of its signals are Linux's.");
        Node.Freeze();

        await Node.KillAsync().Within("the end of a frozen node");

        Node.IsRunning.ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Node_that_is_asked_to_stop_says_how_it_ended()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The numbers of its signals are Linux's.");
        var told = new List<int>();
        Node.EndedByItself = (_, code) => told.Add(code);

        var end = await Node.StopAsync(TimeSpan.FromSeconds(20));

        end.Code.ShouldBe(0);
        end.Took.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        told.ShouldBeEmpty("it was asked to");
    }

    [SkippableFact]
    public async Task End_that_nobody_asked_for_is_told()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The numbers of its signals are Linux's.");
        var told = new TaskCompletionSource<(ServerNode, int)>();
        _servers.EndedByItself = (node, code) => told.TrySetResult((node, code));

        ChatAkka.Tests.Processes.Posix.Kill(Node.Pid);

        (await told.Task.Within("news of the end")).ShouldBe((Node, 137));
    }

    [Fact]
    public async Task Node_that_cannot_start_says_what_it_said()
    {
        await using var broken = new ClusterOfServers(new ClusterSettings(ServerLocation.Find(null))
        {
            Nodes = 1,
            Options = new Dictionary<string, string> { ["Chat:MaxGroupSize"] = "many" },
        });

        (await Should.ThrowAsync<ServerFailedException>(() => broken.All[0].StartAsync())).Message
            .ShouldContain("node-1 ended with code 2 before it was ready; it last said:");
    }
}
