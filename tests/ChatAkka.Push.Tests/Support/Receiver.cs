using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace ChatAkka.Push.Tests.Support;

/// <summary>A request as it came in; the names of its headers in lower case.</summary>
internal sealed record ReceivedRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>An HTTP server on loopback that answers as a test says, byte for byte.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ReceivedRequest> _requests = Channel.CreateUnbounded<ReceivedRequest>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public Receiver()
    {
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/push?from=chat";
        _accepting = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>Connections that were made.</summary>
    public int Connections => _connections;

    /// <summary>The whole answer to a request; null for none, an empty one for a closed connection.</summary>
    public Func<ReceivedRequest, string?> Answer { get; set; } = static _ => Status("204 No Content");

    public bool HasMore => _requests.Reader.TryPeek(out _);

    public static string Status(string status, string headers = "", string body = "") =>
        $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";

    public async Task<ReceivedRequest> NextAsync() => await _requests.Reader.ReadAsync().AsTask().Within("a request");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = new BufferedStream(client.GetStream());
                while (await ReadAsync(stream) is { } request)
                {
                    var answer = Answer(request);
                    _requests.Writer.TryWrite(request);
                    if (answer is null)
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                    }

                    if (answer is not { Length: > 0 })
                    {
                        return;
                    }

                    await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
                    await stream.FlushAsync(_stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The sender has gone, or the test has ended.
            }
        }
    }

    private async Task<ReceivedRequest?> ReadAsync(Stream stream)
    {
        if (await LineAsync(stream) is not { Length: > 0 } first)
        {
            return null;
        }

        Dictionary<string, string> headers = [];
        while (await LineAsync(stream) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            headers.Add(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim());
        }

        var body = new byte[int.Parse(headers["content-length"], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new ReceivedRequest(first, headers, body);
    }

    private async Task<string?> LineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
