using System.Diagnostics;
using ChatAkka.Client;
using ChatAkka.Client.Http;
using ChatAkka.MultiNode.Tests.Harness;
using ChatAkka.Tests.MultiNode;
using Xunit.Abstractions;

namespace ChatAkka.MultiNode.Tests.Nodes;

/// <summary>A session that was ended on one node is ended on all.</summary>
public sealed class RevocationTests(PlainCluster cluster, ITestOutputHelper output) : ClusterTest(cluster), IClassFixture<PlainCluster>
{
    private const string Password = "correct horse battery";
    private static readonly TimeSpan Closed = TimeSpan.FromSeconds(1);

    [SkippableFact]
    public async Task Revoked_device_is_thrown_out_of_another_node_within_a_second()
    {
        var name = $"rita{Environment.ProcessId}";
        using var http = new ChatHttpClient(Nodes[0].Uri);
        await http.SignUpAsync(name, Password);
        var phone = await http.LogInAsync(name, Password, "phone");
        using var other = new ChatHttpClient(Nodes[1].Uri);
        await other.LogInAsync(name, Password, "laptop");
        var guest = await ConnectAsync(phone.Token, Nodes[2]);

        var started = Stopwatch.GetTimestamp();
        await other.RevokeSessionAsync(phone.DeviceId);

        await ThrownOutAsync(guest, started);
        await RefusedEverywhereAsync(phone.Token);
    }

    [SkippableFact]
    public async Task Log_out_on_one_node_closes_the_devices_socket_on_another()
    {
        var guest = await MeetAsync("olga", Nodes[0]);
        using var http = new ChatHttpClient(Nodes[1].Uri) { Token = guest.Token };

        var started = Stopwatch.GetTimestamp();
        await http.LogOutAsync();

        await ThrownOutAsync(guest, started);
    }

    [SkippableFact]
    public async Task Device_that_connects_to_another_node_replaces_its_socket()
    {
        var guest = await MeetAsync("paula", Nodes[0]);

        await ConnectAsync(guest.Token, Nodes[1]);

        (await guest.StoppedAsync()).ShouldBe("replaced");
    }

    private async Task ThrownOutAsync(Guest guest, long since)
    {
        (await guest.StoppedAsync()).ShouldBe("revoked");
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"thrown out after {took.TotalMilliseconds:0} ms");
        took.ShouldBeLessThan(Closed);
    }

    private async Task RefusedEverywhereAsync(string token)
    {
        foreach (var node in Nodes)
        {
            using var http = new ChatHttpClient(node.Uri) { Token = token };
            (await Should.ThrowAsync<ChatException>(() => http.GetMeAsync())).Code.ShouldBe("unauthorized", node.Name);
        }
    }
}
