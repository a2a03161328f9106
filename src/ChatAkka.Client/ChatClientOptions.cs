namespace ChatAkka.Client;

/// <summary>How a <see cref="ChatClient"/> connects and behaves. <see cref="Token"/> is required, and one of <see cref="Url"/>,
/// <see cref="Servers"/> and <see cref="Address"/>.</summary>
public sealed record ChatClientOptions
{
    /// <summary>The token of a device session (from a log-in) or of an integrator.</summary>
    public required string Token { get; init; }

    /// <summary>The one WebSocket to connect to, <c>ws://…/v1/ws</c> or <c>wss://…</c>; wins over everything else.</summary>
    public Uri? Url { get; init; }

    /// <summary>WebSockets to try, best first: what the log-in answered.</summary>
    public IReadOnlyList<Uri> Servers { get; init; } = [];

    /// <summary>The HTTP API, <c>http://…/</c> or <c>https://…/</c>, which is asked for servers when <see cref="Servers"/> are used
    /// up.</summary>
    public Uri? Address { get; init; }

    /// <summary>Where the client would like its server; null leaves it to the service.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// The highest id that the device has of each channel, from <see cref="ChatClient.ExportCursors"/>; overrides what the server
    /// remembers. Null leaves it to the server.
    /// </summary>
    public IReadOnlyDictionary<string, long>? Cursors { get; init; }

    /// <summary>Who tells the server what the device has. <see cref="DeliveredMode.Automatic"/> by default.</summary>
    public DeliveredMode Delivered { get; init; }

    /// <summary>Events that wait for the program before the client stops reading from the server. 1,024 by default.</summary>
    public int EventBuffer { get; init; } = 1024;

    /// <summary>Requests that wait for an answer; one more fails with <see cref="ChatException.OutboxFull"/>. 1,000 by default.</summary>
    public int OutboxCapacity { get; init; } = 1000;

    /// <summary>Requests that are on their way at once, of each channel one; the others wait for their turn. 64 by default.</summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>Pauses between attempts to connect.</summary>
    public BackoffOptions Backoff { get; init; } = new();

    /// <summary>The time from the first byte to the server's welcome; 15 s by default. A close is waited for as long.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long an event may be missing before one of the device's own messages that has overtaken it, until the client fetches it by
    /// connecting again. 2 s by default.
    /// </summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Makes the HTTP requests and the WebSocket handshakes; not disposed of. Null for one that all clients share.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

#pragma warning disable RS0030 // The library's user is its composition root; these are the defaults of what everything else is given.
    /// <summary>The clock of everything that waits. The system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where jitter comes from. One that isn't thread-safe mustn't be shared by several clients.</summary>
    public Random Random { get; init; } = Random.Shared;
#pragma warning restore RS0030

    /// <summary>Throws if something is missing or out of range.</summary>
    /// <exception cref="ArgumentException">The message names the option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrEmpty(Token) && WellFormed.Is(Token), "Token is required");
        Require(Url is not null || Servers.Count > 0 || Address is not null, "one of Url, Servers and Address is required");
        Require((Url is null || IsWebSocket(Url)) && Servers.All(IsWebSocket), "Url and Servers are absolute, ws or wss");
        Require(Address is null || (Address.IsAbsoluteUri && Address.Scheme is "http" or "https"), "Address is absolute, http or https");
        Require(Cursors is null || Cursors.All(c => IsChannelId(c.Key) && c.Value >= 0), "Cursors are channel ids and message ids");
        Require(EventBuffer is >= 1 and <= 1_000_000, "EventBuffer is between 1 and 1,000,000");
        Require(OutboxCapacity is >= 1 and <= 1_000_000, "OutboxCapacity is between 1 and 1,000,000");
        Require(MaxInFlight is >= 1 and <= 10_000, "MaxInFlight is between 1 and 10,000");
        Require(ConnectTimeout > TimeSpan.Zero && GapPatience > TimeSpan.Zero, "ConnectTimeout and GapPatience are positive");
        Backoff.Validate();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{nameof(ChatClientOptions)} {{ {Url ?? Servers.FirstOrDefault() ?? Address} }}"; // never the token

    private static bool IsWebSocket(Uri url) => url.IsAbsoluteUri && url.Scheme is "ws" or "wss";

    private static bool IsChannelId(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '-');

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            throw new ArgumentException(sentence);
        }
    }
}
