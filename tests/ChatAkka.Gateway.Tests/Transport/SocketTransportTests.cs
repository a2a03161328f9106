using System.Buffers;
using System.Net;
using System.Net.Sockets;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatAkka.Gateway.Tests.Transport;

/// <summary>A connection on its bare socket, against a client on a real one.</summary>
public sealed class SocketTransportTests : IDisposable
{
    private readonly SocketPoller? _poller = Native.IsSupported ? new SocketPoller(NullLogger<SocketPoller>.Instance) : null;
    private readonly FileBudget _files = new(int.MaxValue, () => 0, TimeProvider.System);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _server;

    public SocketTransportTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client.Connect(listener.LocalEndPoint!);
        _server = listener.Accept();
        _files.TryEnter();
    }

    public void Dispose()
    {
        _poller?.Dispose();
        _client.Dispose();
        _server?.Dispose();
    }

    [SkippableFact]
    public async Task Input_comes_however_it_was_cut()
    {
        var transport = Start();
        var sent = Bytes(200_000, seed: 1);
        var sending = Task.Run(() => SendInPieces(sent, new Random(2)));

        var received = await ReadAsync(transport, sent.Length);

        await sending;
        received.ShouldBe(sent);
    }

    [SkippableFact]
    public async Task Input_that_was_there_before_it_was_polled_is_found()
    {
        await _client.SendAsync("early"u8.ToArray());
        var transport = Start();

        (await ReadAsync(transport, 5)).ShouldBe("early"u8.ToArray());
    }

    [SkippableFact]
    public async Task What_is_not_consumed_comes_again_with_what_follows()
    {
        var transport = Start();
        await _client.SendAsync("abc"u8.ToArray());
        var first = await Await(transport.ReadAsync());
        transport.AdvanceTo(first.Bytes.GetPosition(1), first.Bytes.End);
        var next = transport.ReadAsync();
        next.IsCompleted.ShouldBeFalse("everything was examined");

        await _client.SendAsync("def"u8.ToArray());

        var second = await Await(next);
        second.Bytes.ToArray().ShouldBe("bcdef"u8.ToArray());
        transport.AdvanceTo(second.Bytes.Start, second.Bytes.Start);
        transport.ReadAsync().IsCompleted.ShouldBeTrue("nothing was examined");
    }

    [SkippableFact]
    public async Task A_message_of_any_size_is_collected()
    {
        var transport = Start();
        var sent = Bytes(3_000_000, seed: 3);
        var sending = _client.SendAsync(sent);
        Input input;
        do
        {
            input = await Await(transport.ReadAsync());
            input.IsCompleted.ShouldBeFalse();
            transport.AdvanceTo(input.Bytes.Start, input.Bytes.Length < sent.Length ? input.Bytes.End : input.Bytes.Start);
        }
        while (input.Bytes.Length < sent.Length);

        (await Await(transport.ReadAsync())).Bytes.ToArray().ShouldBe(sent);
        await sending;
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8 * 1024)]
    [InlineData(20_000)]
    public async Task The_end_is_seen_behind_the_last_bytes(int bytes)
    {
        await _client.SendAsync(new byte[bytes]);
        _client.Shutdown(SocketShutdown.Send);
        var transport = Start();

        (await ReadToEndAsync(transport)).ShouldBe(bytes);
    }

    [SkippableFact]
    public async Task The_end_is_seen_by_one_who_waits()
    {
        var transport = Start();
        var reading = ReadToEndAsync(transport);
        await _client.SendAsync(new byte[100]);
        _client.Shutdown(SocketShutdown.Send);

        (await reading).ShouldBe(100);
    }

    [SkippableFact]
    public async Task A_reset_breaks_the_read()
    {
        var transport = Start();
        var reading = transport.ReadAsync();
        _client.Close(0);

        await Should.ThrowAsync<IOException>(async () => await Await(reading));
    }

    [SkippableFact]
    public async Task An_abort_wakes_who_waits_and_may_come_at_any_time()
    {
        var transport = Start();
        var reading = transport.ReadAsync();
        transport.Abort();
        (await Await(reading)).IsCompleted.ShouldBeTrue();
        transport.Write("x"u8);
        (await Await(transport.FlushAsync())).ShouldBeFalse();
        transport.Abort();
        transport.Close();
        transport.Abort();
        _files.Open.ShouldBe(0);
    }

    [SkippableFact]
    public async Task Output_waits_for_a_client_that_does_not_read_and_arrives_in_order()
    {
        var transport = Start();
        var received = new MemoryStream();
        var sent = new MemoryStream();
        for (var round = 0; round < 3; round++)
        {
            ValueTask<bool> flush;
            do
            {
                var piece = Bytes(50_000, seed: (int)sent.Length);
                sent.Write(piece);
                transport.Write(piece.AsSpan(0, 10_000));
                transport.Write(piece.AsSpan(10_000));
                flush = transport.FlushAsync();
            }
            while (flush.IsCompletedSuccessfully);

            while (received.Length < sent.Length)
            {
                received.Write(await ReceiveAsync());
            }

            (await Await(flush)).ShouldBeTrue();
        }

        received.ToArray().ShouldBe(sent.ToArray());
    }

    [SkippableFact]
    public async Task An_abort_ends_a_flush_that_waits()
    {
        var transport = Start();
        ValueTask<bool> flush;
        do
        {
            transport.Write(new byte[50_000]);
            flush = transport.FlushAsync();
        }
        while (flush.IsCompletedSuccessfully);

        transport.Abort();

        (await Await(flush)).ShouldBeFalse();
        transport.Close();
    }

    [SkippableFact]
    public async Task A_closed_connection_has_sent_what_was_flushed()
    {
        var transport = Start();
        transport.Write("the last words"u8);
        (await Await(transport.FlushAsync())).ShouldBeTrue();
        transport.Close();

        (await ReceiveAsync()).ShouldBe("the last words"u8.ToArray());
        (await ReceiveAsync()).ShouldBeEmpty();
        _files.Open.ShouldBe(0);
    }

    [SkippableFact]
    public async Task A_fault_of_one_socket_does_not_silence_the_others()
    {
        var transport = Start();
        using var pair = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        pair.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _poller!.Add(pair.SafeHandle, new Faulty());
        await pair.SendToAsync(new byte[1], pair.LocalEndPoint!);

        await _client.SendAsync("still here"u8.ToArray());

        (await ReadAsync(transport, 10)).ShouldBe("still here"u8.ToArray());
    }

    private SocketTransport Start()
    {
        Skip.If(_poller is null, "SocketTransport is for 64-bit Linux; everywhere else Kestrel's transport serves.");
        var file = SocketFile.TakeFrom(_server!);
        _server = null;
        var transport = new SocketTransport(file, 0, _poller, _files);
        _poller.Add(file, transport);
        return transport;
    }

    private void SendInPieces(byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, 10_000), bytes.Length - at);
            _client.Send(bytes.AsSpan(at, length));
            at += length;
        }
    }

    private async Task<byte[]> ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        return buffer[..await _client.ReceiveAsync(buffer).Within("bytes at the client")];
    }

    private static async Task<byte[]> ReadAsync(SocketTransport transport, int count)
    {
        var all = new List<byte>();
        while (all.Count < count)
        {
            var input = await Await(transport.ReadAsync());
            all.AddRange(input.Bytes.ToArray());
            transport.AdvanceTo(input.Bytes.End, input.Bytes.End);
            (input.IsCompleted && all.Count < count).ShouldBeFalse("the end came too early");
        }

        return [.. all];
    }

    private static async Task<int> ReadToEndAsync(SocketTransport transport)
    {
        for (var count = 0; ;)
        {
            var input = await Await(transport.ReadAsync());
            count += (int)input.Bytes.Length;
            transport.AdvanceTo(input.Bytes.End, input.Bytes.End);
            if (input.IsCompleted)
            {
                return count;
            }
        }
    }

    private static Task<T> Await<T>(ValueTask<T> task) => task.AsTask().Within("what the transport does next");

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed class Faulty : IPolled
    {
        public void OnReady(Readiness readiness) => throw new InvalidOperationException();
    }
}
