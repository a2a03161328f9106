using ChatAkka.Domain.Discovery;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Discovery;
using Microsoft.AspNetCore.Http;

namespace ChatAkka.Gateway.Tests.Discovery;

public sealed class ServersTests
{
    private static readonly UserId Minji = new("1");
    private static readonly GatewayOptions Options = new() { Node = "a", Region = "eu" };

    [Fact]
    public void Node_alone_tells_of_itself_under_the_name_by_which_it_was_asked() =>
        new Servers(Options).For(Request(), Minji, null).Select(server => server.Url).ShouldBe(["ws://chat.example:5000/v1/ws"]);

    [Fact]
    public void Node_alone_sends_nobody_elsewhere() => new Servers(Options).Elsewhere(Minji).ShouldBeEmpty();

    [Fact]
    public void Cluster_tells_of_its_nodes_those_of_the_region_first() =>
        Cluster(Node("a", "eu", 9_000), Node("b", "us", 0), Node("c", "eu", 0)).For(Request(), Minji, "us").Select(server => server.Node)
            .ShouldBe(["b", "c", "a"]);

    [Fact]
    public void Client_that_names_no_region_is_taken_for_one_of_the_nodes() =>
        Cluster(Node("b", "us", 0), Node("a", "eu", 9_000)).For(Request(), Minji, null)[0].Node.ShouldBe("a");

    [Fact]
    public void Clients_of_a_node_that_goes_are_sent_to_the_others_that_stay_whatever_they_are_called() =>
        Cluster(Node("a", "eu", 0), Node("b", "eu", 0) with { IsDraining = true }, Node("a", "eu", 0) with { Url = "ws://c/v1/ws" }).Elsewhere(Minji)
            .Select(server => server.Url).ShouldBe(["ws://c/v1/ws"]);

    [Fact]
    public void Client_is_sent_to_where_its_user_lives()
    {
        var cluster = Cluster(Node("a", "eu", 0), Node("b", "eu", 0), Node("home", "eu", 90), Node("c", "us", 0));

        cluster.For(Request(), Minji, null)[0].Node.ShouldBe("home");
        cluster.For(Request(), Minji, "us")[0].Node.ShouldBe("c");
        cluster.Elsewhere(Minji)[0].Node.ShouldBe("home");
    }

    private static Servers Cluster(params NodeInfo[] nodes) => new(Options, new Directory(nodes));

    private static NodeInfo Node(string name, string region, int sockets) => new("1", name, $"ws://{name}/v1/ws", region, sockets, false);

    private static HttpRequest Request()
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new HostString("chat.example", 5000));
        return request;
    }

    private sealed class Directory(NodeInfo[] nodes) : INodeDirectory
    {
        public IReadOnlyList<NodeInfo> Nodes => nodes;

        public IReadOnlyList<NodeInfo> Others => nodes[1..];

        public NodeInfo? HomeOf(UserId user) => Array.Find(nodes, node => node.Name == "home");

        public void BeginDraining()
        {
        }
    }
}
