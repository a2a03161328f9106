namespace ChatAkka.Protocol.Http;

/// <summary>A friend of the caller, or one who might become one.</summary>
/// <param name="State"><c>pending_out</c> (the caller asked), <c>pending_in</c> (the other one asked), <c>friends</c>, or <c>none</c> in
/// the answer to a <c>DELETE</c>.</param>
/// <param name="Since">When it came to that state, in ms since the Unix epoch; absent with <c>none</c>.</param>
public sealed record FriendBody(string UserId, string Username, string DisplayName, string State, long? Since);

/// <summary>Answer to <c>GET /v1/friends</c>, the newest state first.</summary>
public sealed record FriendsBody(IReadOnlyList<FriendBody> Friends);

/// <summary>One whom the caller has blocked.</summary>
/// <param name="Since">In ms since the Unix epoch.</param>
public sealed record BlockBody(string UserId, string Username, string DisplayName, long Since);

/// <summary>Answer to <c>GET /v1/blocks</c>, the newest first.</summary>
public sealed record BlocksBody(IReadOnlyList<BlockBody> Blocks);
