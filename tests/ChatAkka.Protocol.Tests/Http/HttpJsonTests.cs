using System.Text.Json;
using ChatAkka.Protocol.Http;

namespace ChatAkka.Protocol.Tests.Http;

public sealed class HttpJsonTests
{
    [Fact]
    public void Bodies_are_snake_case_and_keep_their_text() => JsonSerializer.Serialize(new UserBody("42", "kim", "김 👋"), HttpJson.Wire.UserBody)
        .ShouldBe("""{"user_id":"42","username":"kim","display_name":"김 👋"}""");

    [Theory]
    [InlineData("""{"username":5}""")]
    [InlineData("""{"username":["x"]}""")]
    [InlineData("""{"username":"\ud800"}""")]
    [InlineData("""[]""")]
    public void Wrong_types_are_json_errors(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, HttpJson.Wire.SignUpRequest));

    [Fact]
    public void A_log_in_lists_its_servers() => JsonSerializer.Serialize(
        new LogInBody("t", "42", "43", [new ServerBody("ws://h/v1/ws", "local", "node-1")]), HttpJson.Wire.LogInBody)
        .ShouldBe("""{"token":"t","user_id":"42","device_id":"43","servers":[{"url":"ws://h/v1/ws","region":"local","node":"node-1"}]}""");

    [Fact]
    public void What_is_absent_is_left_out() => JsonSerializer.Serialize(
        new ProblemBody("about:blank", "Nothing here.", 404, null, "unknown_op", null), HttpJson.Wire.ProblemBody)
        .ShouldBe("""{"type":"about:blank","title":"Nothing here.","status":404,"code":"unknown_op"}""");

    [Fact]
    public void Requests_are_read_from_snake_case() => JsonSerializer.Deserialize(
        """{"username":"kim","password":"12345678","display_name":"김","later":{}}""", HttpJson.Wire.SignUpRequest)
        .ShouldBe(new SignUpRequest("kim", "12345678", "김"));
}
