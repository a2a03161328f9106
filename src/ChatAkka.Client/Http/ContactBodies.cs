using System.Text.Json;
using System.Text.Json.Serialization;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Http;

/// <summary>How the user and another one stand to each other.</summary>
/// <param name="UserId">The other one.</param>
/// <param name="Username">Their user name.</param>
/// <param name="DisplayName">How they want to be called.</param>
/// <param name="State"><c>pending_out</c> (the user has asked), <c>pending_in</c> (the user was asked), <c>friends</c> or
/// <c>none</c>.</param>
/// <param name="Since">Since when, in ms since the Unix epoch.</param>
public sealed record Friend(string UserId, string Username, string DisplayName, string State, long Since);

/// <summary>A user whom the user has blocked.</summary>
/// <param name="UserId">The other one.</param>
/// <param name="Username">Their user name.</param>
/// <param name="DisplayName">How they want to be called.</param>
/// <param name="Since">Since when, in ms since the Unix epoch.</param>
public sealed record BlockedUser(string UserId, string Username, string DisplayName, long Since);

/// <summary>Answer to <c>GET /v1/friends</c>.</summary>
internal sealed record FriendsAnswer(IReadOnlyList<Friend> Friends);

/// <summary>Answer to <c>GET /v1/blocks</c>.</summary>
internal sealed record BlocksAnswer(IReadOnlyList<BlockedUser> Blocks);

/// <summary>Body of <c>PUT /v1/channels/{id}/members/{user_id}</c>.</summary>
internal sealed record RoleBody(string Role);

/// <summary>How those are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = ProtocolLimits.MaxDepth)]
[JsonSerializable(typeof(Friend))]
[JsonSerializable(typeof(FriendsAnswer))]
[JsonSerializable(typeof(BlocksAnswer))]
[JsonSerializable(typeof(RoleBody))]
internal sealed partial class ContactJson : JsonSerializerContext;
