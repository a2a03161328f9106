using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAkka.Tests.Documents;

namespace ChatAkka.Protocol.Tests.Documents;

/// <summary>Error codes and closing codes are the same in the program and in all three documents.</summary>
public sealed partial class CodeTests
{
    private static readonly string Page = PublishedDocuments.Text("protocol.md");

    [Theory]
    [InlineData("asyncapi.json")]
    [InlineData("openapi.json")]
    public void Error_codes_are_those_of_the_program(string name)
    {
        var document = PublishedDocuments.Json(name);
        var documented = document.GetProperty("x-error-codes").EnumerateArray()
            .Select(code => (Name: code.GetProperty("code").GetString(), Code: code))
            .Select(code => (code.Name, code.Code.GetProperty("status").GetInt32(), code.Code.GetProperty("retry").GetBoolean()));
        documented.ShouldBe(ErrorCodes.All.Select(code => ((string?)code.Name, code.HttpStatus, code.Retryable)));
        document.GetProperty("components").GetProperty("schemas").GetProperty("ErrorCode").GetProperty("enum").EnumerateArray()
            .Select(code => code.GetString()).ShouldBe(ErrorCodes.All.Select(code => code.Name));
    }

    [Fact]
    public void Error_codes_of_the_page_are_those_of_the_program() =>
        ErrorRow().Matches(Section("Errors")).Select(row => (row.Groups["code"].Value, int.Parse(row.Groups["status"].Value)))
            .ShouldBe(ErrorCodes.All.Select(code => (code.Name, code.HttpStatus)));

    [Fact]
    public void Closing_codes_are_those_of_the_program() =>
        AsyncApi.Published.Document.GetProperty("x-closing-codes").EnumerateArray().Select(Read).ShouldBe(OfTheProgram());

    [Fact]
    public void Closing_codes_of_the_page_are_those_of_the_program() =>
        ClosingRow().Matches(Section("Closing codes"))
            .Select(row => (int.Parse(row.Groups["code"].Value), row.Groups["reason"].Value, row.Groups["client"].Value == "comes back"))
            .ShouldBe(OfTheProgram());

    [Fact]
    public void Schemas_of_one_name_are_the_same_in_both_documents()
    {
        var (one, other) = (Schemas("asyncapi.json"), Schemas("openapi.json"));
        var shared = one.EnumerateObject().Where(schema => other.TryGetProperty(schema.Name, out _)).ToList();
        shared.Select(schema => schema.Name).ShouldContain("Message");
        shared.ShouldAllBe(schema => JsonElement.DeepEquals(schema.Value, other.GetProperty(schema.Name)));
    }

    private static IEnumerable<(int, string, bool)> OfTheProgram() =>
        Enum.GetValues<CloseCode>().Order().Select(code => ((int)code, CloseCodes.Reason(code), CloseCodes.ComesBack(code)));

    private static (int, string, bool) Read(JsonElement code) =>
        (code.GetProperty("code").GetInt32(), code.GetProperty("reason").GetString()!, code.GetProperty("comes_back").GetBoolean());

    private static JsonElement Schemas(string name) => PublishedDocuments.Json(name).GetProperty("components").GetProperty("schemas");

    private static string Section(string heading) =>
        Page.Split("\n## ").Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| `(?<code>\w+)` \| (?<status>\d+) \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"^\| (?<code>\d{4}) \| `?(?<reason>\w*)`? ?\| (?<client>[\w ]+) \|", RegexOptions.Multiline)]
    private static partial Regex ClosingRow();
}
