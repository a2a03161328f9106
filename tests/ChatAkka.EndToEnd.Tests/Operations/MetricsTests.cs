using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Processes;

namespace ChatAkka.EndToEnd.Tests.Operations;

public sealed class MetricsTests : EndToEndTest
{
    [Fact]
    public async Task Metrics_are_a_type_and_a_number_each_and_count_the_connections()
    {
        await StartServerAsync(ServerSettings.Unlimited);
        await ConnectAsync(await MeetAsync("ann"));
        using var http = new HttpClient { BaseAddress = Server.Address };

        using var answer = await http.GetAsync("/metrics");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var values = lines.Where(line => line[0] != '#').Select(line => line.Split(' ')).ToDictionary(line => line[0], line => double.Parse(line[1]));
        values["chatakka_connections"].ShouldBe(1);
        values["chatakka_ready"].ShouldBe(1);
        values["process_cpu_seconds_total"].ShouldBeGreaterThan(0);
        lines.Count(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ShouldBe(values.Count);
    }
}
