using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;
using ChatAkka.Tests.Documents;

namespace ChatAkka.Protocol.Tests.Documents;

/// <summary>What asyncapi.json lets a client write is what the decoder reads.</summary>
public sealed class ClientMessageTests
{
    private static readonly AsyncApi Api = AsyncApi.Published;

    public static TheoryData<string> Operations => [.. Api.Operations.Keys];

    [Fact]
    public void Every_operation_that_the_decoder_knows_is_documented()
    {
        var known = typeof(ClientFrame).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ClientFrame)) && type != typeof(BadFrame) && type != typeof(RefusedFrame));
        var decoded = Examples(Api.Operations.Keys).Select(example => Decode(example)).ToList();

        decoded.Select(frame => frame.GetType()).Distinct().ShouldBe(known, ignoreOrder: true);
        decoded.OfType<ReactFrame>().Select(frame => frame.Removes).Distinct().Count().ShouldBe(2, "react and unreact");
    }

    [Fact]
    public void Every_field_that_the_decoder_knows_is_documented()
    {
        var known = Enum.GetValues<ClientField>().Where(field => field != ClientField.None).Select(NameOf);
        Api.Operations.Values.SelectMany(operation => Fields(operation.Request)).Distinct().ShouldBe(known, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Examples_fit_their_schema_and_are_decoded(string op)
    {
        foreach (var example in Examples([op]))
        {
            Api.CheckRequest(JsonSerializer.SerializeToElement(example)).ShouldBeEmpty(example.ToJsonString());
            Decode(example).ShouldNotBeOfType<RefusedFrame>(example.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_required_field_can_not_be_left_out_and_others_can(string op)
    {
        var schema = Api.Operations[op].Request.Schema;
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ToList();
        foreach (var example in Examples([op]))
        {
            foreach (var field in example.Select(member => member.Key).Except(["op"]).ToList())
            {
                var without = example.DeepClone().AsObject();
                without.Remove(field);
                var isOneOfTwo = field is "channel" or "to" && op == "send";

                // A hello without a token is read, and answered as one with a wrong token.
                var refused = (required.Contains(field) || isOneOfTwo) && !(op == "hello" && field == "token");
                (Decode(without) is RefusedFrame).ShouldBe(refused, $"{op} without {field}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_field_of_the_wrong_type_is_refused_if_it_is_documented_and_ignored_otherwise(string op)
    {
        var example = Examples([op]).First();
        foreach (var field in Enum.GetValues<ClientField>().Where(field => field is not (ClientField.None or ClientField.Op))
            .Select(NameOf))
        {
            var wrong = example.DeepClone().AsObject();
            wrong[field] = new JsonArray(1);

            (Decode(wrong) is RefusedFrame)
                .ShouldBe(Fields(Api.Operations[op].Request).Contains(field), $"{op} with {field} of the wrong type");
        }
    }

    [Theory]
    [InlineData("ref", ProtocolLimits.MaxRefLength)]
    [InlineData("client_id", ProtocolLimits.MaxClientIdLength)]
    public void The_longest_string_that_is_documented_is_the_longest_that_is_taken(string field, int limit)
    {
        var schema = Api.Resolve(Api.Operations["send"].Request.Schema.GetProperty("properties").GetProperty(field));
        schema.GetProperty("maxLength").GetInt32().ShouldBe(limit);
    }

    [Fact]
    public void Limits_are_those_of_the_protocol()
    {
        var schemas = Api.Document.GetProperty("components").GetProperty("schemas");
        schemas.GetProperty("Text").GetProperty("maxLength").GetInt32().ShouldBe(ProtocolLimits.MaxTextLength);
        schemas.GetProperty("Mentions").GetProperty("maxItems").GetInt32().ShouldBe(ProtocolLimits.MaxMentions);
        var limit = schemas.GetProperty("History").GetProperty("properties").GetProperty("limit");
        limit.GetProperty("maximum").GetInt32().ShouldBe(ProtocolLimits.MaxHistoryLimit);
        limit.GetProperty("default").GetInt32().ShouldBe(ProtocolLimits.DefaultHistoryLimit);
        var hello = schemas.GetProperty("HelloOk").GetProperty("properties");
        hello.GetProperty("heartbeat_ms").GetProperty("const").GetInt32().ShouldBe(ProtocolLimits.HeartbeatMs);
        hello.GetProperty("timeout_ms").GetProperty("const").GetInt32().ShouldBe(ProtocolLimits.TimeoutMs);
        hello.GetProperty("max_text").GetProperty("const").GetInt32().ShouldBe(ProtocolLimits.MaxTextLength);
    }

    private static IEnumerable<JsonObject> Examples(IEnumerable<string> ops) =>
        ops.SelectMany(op => Api.Operations[op].Request.Examples).Select(example => JsonObject.Create(example)!);

    private static IEnumerable<string> Fields(FrameMessage message) =>
        message.Schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static string NameOf(ClientField field) => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString());

    private static ClientFrame Decode(JsonObject frame) => ClientFrameDecoder.Decode(Encoding.UTF8.GetBytes(frame.ToJsonString()));
}
