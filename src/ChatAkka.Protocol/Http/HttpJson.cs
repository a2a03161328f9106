using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatAkka.Protocol.Http;

/// <summary>How the bodies of the HTTP API are read and written: snake_case, text as itself, absent instead of null.</summary>
[JsonSerializable(typeof(SignUpRequest))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(LogInRequest))]
[JsonSerializable(typeof(LogInBody))]
[JsonSerializable(typeof(ServersBody))]
[JsonSerializable(typeof(SessionsBody))]
[JsonSerializable(typeof(CreateChannelRequest))]
[JsonSerializable(typeof(ChannelTitleRequest))]
[JsonSerializable(typeof(MemberRequest))]
[JsonSerializable(typeof(PostedBody))]
[JsonSerializable(typeof(FriendsBody))]
[JsonSerializable(typeof(BlocksBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthBody))]
public sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>The one to use. <see cref="Default"/> would write everything beyond ASCII as escapes.</summary>
    public static HttpJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = ProtocolLimits.MaxDepth,
        Converters = { new TextConverter() },
    });
}
