using System.Text.Json;
using ChatAkka.Tests.Documents;

namespace ChatAkka.Protocol.Tests.Documents;

/// <summary>What holds the documents against the server must itself be able to fail.</summary>
public sealed class SchemaCheckTests
{
    private static readonly AsyncApi Api = AsyncApi.Published;

    [Theory]
    [InlineData("""{"op":"typing","channel":"7","user":"42"}""", true)]
    [InlineData("""{"op":"typing","channel":"7"}""", false)]
    [InlineData("""{"op":"typing","channel":"7","user":42}""", false)]
    [InlineData("""{"op":"typing","channel":"07","user":"42"}""", false)]
    [InlineData("""{"op":"typing","channel":"7","user":"42","mood":"good"}""", false)]
    [InlineData("""{"op":"presence","user":"42","status":"away"}""", false)]
    [InlineData("""{"op":"presence","user":"42","status":"online","last_active_at":-1}""", false)]
    [InlineData("""{"op":"event","channel":"7","id":"1","n":0,"at":5,"from":"42","type":"created"}""", true)]
    [InlineData("""{"op":"event","channel":"7","id":"1","n":0,"at":5,"from":"42","type":"created","title":"no"}""", false)]
    [InlineData("""{"op":"event","channel":"7","id":"2","n":1,"at":5,"from":"42","type":"message","text":"t","mentions":["x"]}""", false)]
    [InlineData("""{"op":"unheard_of"}""", false)]
    public void What_differs_from_its_schema_is_found(string frame, bool fits) =>
        (Api.CheckFrame(JsonDocument.Parse(frame).RootElement, []).Errors.Count == 0).ShouldBe(fits);

    [Theory]
    [InlineData("""{"op":"send","ref":"1","channel":"7","client_id":"c","text":"t"}""", true)]
    [InlineData("""{"op":"send","ref":"1","client_id":"c","text":"t"}""", false)]
    [InlineData("""{"op":"send","ref":"1","channel":"7","to":"42","client_id":"c","text":"t"}""", false)]
    [InlineData("""{"op":"react","ref":"1","channel":"7","id":"1","emoji":""}""", false)]
    [InlineData("""{"op":"hello","ref":"1","token":"t","cursors":{"7":"0"}}""", true)]
    [InlineData("""{"op":"hello","ref":"1","token":"t","cursors":{"7":"x"}}""", false)]
    [InlineData("""{"op":"hello","ref":"1","token":"t","cursors":{"x":"0"}}""", false)]
    public void A_request_that_the_documents_forbid_is_found(string frame, bool fits) =>
        (Api.CheckRequest(JsonDocument.Parse(frame).RootElement).Count == 0).ShouldBe(fits);

    [Fact]
    public void An_error_that_isnt_documented_for_its_request_is_found()
    {
        var error = JsonDocument.Parse("""{"op":"error","ref":"1","code":"username_taken","message":"no"}""").RootElement;
        Api.CheckFrame(error, ["send"]).Errors.ShouldHaveSingleItem();
        Api.CheckFrame(error, []).Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, "application/json", """{"user_id":"1","username":"a","display_name":"A"}""", true)]
    [InlineData(200, "application/json", """{"user_id":"1","username":"a"}""", false)]
    [InlineData(200, "application/json", """{"user_id":"1","username":"a","display_name":"A","age":5}""", false)]
    [InlineData(200, "text/plain", "", false)]
    [InlineData(202, "application/json", "{}", false)]
    [InlineData(404, "application/problem+json", """{"type":"about:blank","title":"t","status":404,"code":"user_not_found"}""", true)]
    [InlineData(404, "application/problem+json", """{"type":"about:blank","title":"t","status":404,"code":"channel_not_found"}""", false)]
    public void An_answer_that_isnt_documented_is_found(int status, string type, string body, bool fits) =>
        (OpenApi.Published.CheckAnswer(OpenApi.Published.Find("GET", "/v1/users/5"), status, type, body).Count == 0).ShouldBe(fits);

    [Fact]
    public void A_keyword_that_isnt_understood_is_not_passed_over() => Should.Throw<NotSupportedException>(() =>
        new SchemaCheck(default).Check(JsonDocument.Parse("""{"multipleOf":2}""").RootElement, JsonDocument.Parse("3").RootElement));
}
