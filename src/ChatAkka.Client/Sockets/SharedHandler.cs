namespace ChatAkka.Client.Sockets;

/// <summary>What makes HTTP requests for everyone who brings nothing of their own: one pool of connections for a whole program.</summary>
internal static class SharedHandler
{
    private static readonly Lazy<SocketsHttpHandler> Handler = new(() => new SocketsHttpHandler
    {
        // Kept short: a server that goes away must not be found behind a connection that is kept.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        AutomaticDecompression = System.Net.DecompressionMethods.All,
    });

    public static HttpMessageHandler Instance => Handler.Value;
}
