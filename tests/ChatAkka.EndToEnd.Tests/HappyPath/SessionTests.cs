using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.HappyPath;

public sealed class SessionTests(ServerFixture fixture) : EndToEndTest(fixture), IClassFixture<ServerFixture>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Sessions_lists_every_device_and_marks_the_asking_one()
    {
        await Api.SignUpAsync("lister", Password);
        var phone = await Api.LogInAsync("lister", Password, "phone");
        var laptop = await Api.LogInAsync("lister", Password, "laptop");

        var sessions = (await Api.GetAsync("/v1/sessions", laptop.String("token"))).ShouldBe(HttpStatusCode.OK).Json.Array("sessions");

        sessions.Select(s => (s.String("device_id"), s.String("name"), s.Bool("current"))).ShouldBe(
            [(laptop.String("device_id"), "laptop", true), (phone.String("device_id"), "phone", false)], ignoreOrder: true);
    }

    [Fact]
    public async Task Log_out_closes_the_devices_socket_at_once_and_ends_its_token()
    {
        await Api.SignUpAsync("leaver", Password);
        var phone = await Api.LogInAsync("leaver", Password, "phone");
        var laptop = await Api.LogInAsync("leaver", Password, "laptop");
        var phoneSocket = await ConnectAsync(phone.String("token"));
        var laptopSocket = await ConnectAsync(laptop.String("token"));

        (await Api.DeleteAsync("/v1/sessions/current", phone.String("token"))).ShouldBe(HttpStatusCode.NoContent);

        (await phoneSocket.ClosedAsync()).Code.ShouldBe(4403);
        (await Api.GetAsync("/v1/users/me", phone.String("token"))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await laptopSocket.SettleAsync();
        (await Api.GetAsync("/v1/sessions", laptop.String("token"))).Json.Array("sessions").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Revoking_another_device_closes_its_socket_at_once_and_ends_its_token()
    {
        await Api.SignUpAsync("revoker", Password);
        var lost = await Api.LogInAsync("revoker", Password, "lost phone");
        var laptop = await Api.LogInAsync("revoker", Password, "laptop");
        var lostSocket = await ConnectAsync(lost.String("token"));
        var laptopSocket = await ConnectAsync(laptop.String("token"));

        (await Api.DeleteAsync($"/v1/sessions/{lost.String("device_id")}", laptop.String("token"))).ShouldBe(HttpStatusCode.NoContent);

        (await lostSocket.ClosedAsync()).Code.ShouldBe(4403);
        (await Api.GetAsync("/v1/users/me", lost.String("token"))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await laptopSocket.SettleAsync();
    }

    [Fact]
    public async Task Revoking_somebody_elses_device_does_nothing()
    {
        await Api.SignUpAsync("victim", Password);
        await Api.SignUpAsync("villain", Password);
        var victim = await Api.LogInAsync("victim", Password);
        var villain = await Api.LogInAsync("villain", Password);
        var socket = await ConnectAsync(victim.String("token"));

        var answer = await Api.DeleteAsync($"/v1/sessions/{victim.String("device_id")}", villain.String("token"));

        answer.Status.ShouldBeOneOf(HttpStatusCode.NoContent, HttpStatusCode.NotFound);
        await socket.SettleAsync();
        (await Api.GetAsync("/v1/users/me", victim.String("token"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Servers_are_told_to_whoever_is_logged_in()
    {
        var person = await MeetAsync("seeker");

        var servers = (await Api.GetAsync("/v1/servers", person.Token)).ShouldBe(HttpStatusCode.OK).Json.Array("servers");

        var server = servers.ShouldHaveSingleItem();
        server.String("url").ShouldBe($"ws://{Server.Endpoint}/v1/ws");
        server.String("node").ShouldNotBeEmpty();
        server.String("region").ShouldNotBeNull();
    }
}
