namespace ChatAkka.Protocol.Http;

/// <summary>Body of <c>POST /v1/channels</c>: a direct channel (<c>UserId</c>) or a group (<c>Title</c>, <c>Members</c>).</summary>
public sealed record CreateChannelRequest(string? Kind, string? UserId, string? Title, string[]? Members);

/// <summary>Body of <c>PATCH /v1/channels/{id}</c>.</summary>
public sealed record ChannelTitleRequest(string? Title);

/// <summary>Body of <c>PUT /v1/channels/{id}/members/{user_id}</c>.</summary>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>; null leaves it.</param>
public sealed record MemberRequest(string? Role);

/// <summary>Answer to <c>POST /v1/channels/{id}/messages</c>, whose body has the members of a <c>send</c> frame.</summary>
public sealed record PostedBody(string Id, long N, long At);
