namespace ChatAkka.Protocol.Http;

/// <summary>Body of <c>POST /v1/users</c>.</summary>
public sealed record SignUpRequest(string? Username, string? Password, string? DisplayName);

/// <summary>Body of <c>PATCH /v1/users/me</c>.</summary>
public sealed record ProfileRequest(string? DisplayName);

/// <summary>A user as others see them.</summary>
public sealed record UserBody(string UserId, string Username, string DisplayName);
