using System.Net;
using ChatAkka.Client;
using ChatAkka.Client.Http;
using ChatAkka.Protocol;
using ChatAkka.Replay.Server;

namespace ChatAkka.Replay.Clients;

/// <summary>
/// Calls the HTTP API, and comes again while the servers are unavailable or not there: they may be on their way back from a kill.
/// </summary>
internal sealed class Api(IService service, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    /// <param name="token">Whose call it is; null for nobody's.</param>
    /// <param name="call">Safe to repeat.</param>
    /// <exception cref="ChatException">What the server says about it, or that it didn't come back.</exception>
    public async Task<T> CallAsync<T>(string? token, Func<ChatHttpClient, CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        using var http = new ChatHttpClient(service.Address, service.Handler, time, CallTimeout) { Token = token };
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call(http, cancel).ConfigureAwait(false);
            }
            catch (ChatException e) when (IsPassing(e) && time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="CallAsync{T}(string?, Func{ChatHttpClient, CancellationToken, Task{T}}, CancellationToken)"/>
    public Task CallAsync(string? token, Func<ChatHttpClient, CancellationToken, Task> call, CancellationToken cancel) => CallAsync(
        token,
        async (http, stop) =>
        {
            await call(http, stop).ConfigureAwait(false);
            return true;
        },
        cancel);

    /// <summary>A call about a channel; null if the server answers it as if the channel didn't exist.</summary>
    public async Task<T?> FindAsync<T>(string token, Func<ChatHttpClient, CancellationToken, Task<T>> call, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await CallAsync(token, call, cancel).ConfigureAwait(false);
        }
        catch (ChatException e) when (e.Code == ErrorCodes.ChannelNotFound.Name && e.HttpStatus == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static bool IsPassing(ChatException e) =>
        e.Code == ChatException.Unreachable || e.Code == ErrorCodes.Unavailable.Name || e.Code == ErrorCodes.Busy.Name;
}
