namespace ChatAkka.Protocol.Http;

/// <summary>Body of <c>POST /v1/sessions</c>.</summary>
/// <param name="Region">Where the client would like its server.</param>
public sealed record LogInRequest(string? Username, string? Password, DeviceRequest? Device, string? Region);

/// <summary>What a client says about the device that it runs on.</summary>
public sealed record DeviceRequest(string? Name, string? Platform);

/// <summary>Answer to a log-in. The token is shown this once.</summary>
public sealed record LogInBody(string Token, string UserId, string DeviceId, IReadOnlyList<ServerBody> Servers);

/// <summary>A server that the client may connect to.</summary>
/// <param name="Url">Of the WebSocket.</param>
public sealed record ServerBody(string Url, string Region, string Node);

/// <summary>Answer to <c>GET /v1/servers</c>, best first.</summary>
public sealed record ServersBody(IReadOnlyList<ServerBody> Servers);

/// <summary>A device session of the caller; times in ms since the Unix epoch.</summary>
public sealed record SessionBody(
    string DeviceId, string Name, string Platform, long CreatedAt, long LastUsedAt, long ExpiresAt, bool Current);

/// <summary>Answer to <c>GET /v1/sessions</c>.</summary>
public sealed record SessionsBody(IReadOnlyList<SessionBody> Sessions);
