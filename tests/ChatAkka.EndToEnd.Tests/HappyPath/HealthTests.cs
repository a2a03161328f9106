using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class HealthTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Health_of_a_running_server_is_ok_for_anyone(string path) =>
        (await Api.GetAsync(path)).ShouldBe(HttpStatusCode.OK).Json.String("status").ShouldBe("ok");

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/channels/1/nothing")]
    [InlineData("/v1/wsx")]
    public async Task Unknown_path_is_a_problem(string path) =>
        (await Api.GetAsync(path, (await MeetAsync("seeker")).Token)).ShouldBeProblem(HttpStatusCode.NotFound, "unknown_op");
}
