using System.Net;
using System.Text.Json;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>An answer of the HTTP API.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string? ContentType, string Text)
{
    public JsonElement Json => Clients.Json.Read(Text);

    public ApiAnswer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    public ApiAnswer ShouldSucceed()
    {
        ((int)Status).ShouldBeInRange(200, 299, Text);
        return this;
    }

    /// <summary>An RFC 9457 problem with this stable code.</summary>
    public ApiAnswer ShouldBeProblem(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Text);
        ContentType.ShouldBe("application/problem+json", Text);
        Json.String("code").ShouldBe(code);
        Json.Number("status").ShouldBe((int)status);
        return this;
    }
}
