using ChatAkka.Client.Http;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Sessions;

/// <summary>
/// Which server to try: one given as <see cref="ChatClientOptions.Url"/> always; else the next of the list, and when all have failed the
/// list that the service has now. Used by the connection loop alone, except <see cref="Prefer"/>.
/// </summary>
internal sealed class ServerList(ChatClientOptions options, ChatHttpClient? api)
{
    private IReadOnlyList<Uri> _servers = options.Servers;
    private IReadOnlyList<Uri>? _preferred;
    private int _index;

    /// <summary>The server to try now.</summary>
    /// <exception cref="ChatException">None is known and the service doesn't answer, or refuses the token.</exception>
    public async Task<Uri> CurrentAsync(CancellationToken cancel)
    {
        if (options.Url is not null)
        {
            return options.Url;
        }

        if (Interlocked.Exchange(ref _preferred, null) is { } preferred)
        {
            (_servers, _index) = (preferred, 0);
        }

        if (_index >= _servers.Count)
        {
            _servers = await AskAsync(cancel).ConfigureAwait(false);
            _index = 0;
        }

        return _servers[_index];
    }

    /// <summary>The current one didn't take us, or has lost us.</summary>
    public void Failed() => _index++;

    /// <summary>The service says where to go next.</summary>
    public void Prefer(IReadOnlyList<ServerAddress> servers)
    {
        if (Usable(servers.Select(s => s.Url)) is { Count: > 0 } usable)
        {
            _preferred = usable;
        }
    }

    /// <summary>Those that a client can connect to.</summary>
    public static List<Uri> Usable(IEnumerable<string> urls) => [.. urls.Select(Usable).OfType<Uri>()];

    private static Uri? Usable(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" ? uri : null;

    private async Task<IReadOnlyList<Uri>> AskAsync(CancellationToken cancel)
    {
        if (api is null)
        {
            return _servers; // from the beginning; there is one, or the options would not be valid
        }

        try
        {
            var answer = await api.GetServersAsync(options.Region, cancel).ConfigureAwait(false);
            return Usable(answer.Select(s => s.Url)) is { Count: > 0 } usable
                ? usable
                : throw new ChatException(ChatException.Unreachable, "the service names no server");
        }
        catch (ChatException e) when (_servers.Count > 0 && e.HttpStatus is null)
        {
            return _servers; // nobody answers there; one of those that are known may be back
        }
    }
}
