using System.Buffers.Binary;
using System.Diagnostics;
using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Remote.Transport.Tcp;
using Benchmarks.Server.Reporting;

namespace Benchmarks.Runtime;

/// <summary>The node that connects, and measures.</summary>
internal sealed class TransportClient : ILinkHandler
{
    // In bytes: what may be unacknowledged.
    private const int Window = 8 * 1024 * 1024;

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<long> _cpu = new();
    private TaskCompletionSource _done = new();
    private ILink _link = null!;
    private SemaphoreSlim _credit = new(0);
    private int _rest;
    private int _framesPerCredit;
    private int _uncredited;
    private LatencyHistogram _times = new();
    private long _sentAt;

    public static async Task<TransportClient> Connect(int port, TlsSettings? tls)
    {
        var client = new TransportClient();
        client._link = TransportPeer.Transport(tls).Connect(new Address("akka.tcp", "bench", "127.0.0.1", port), client);
        await client._opened.Task;
        return client;
    }

    public async Task<TimeSpan> PeerCpu()
    {
        _cpu = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _link.TrySend([TransportPeer.Kind.Cpu], int.MaxValue);
        return new TimeSpan(await _cpu.Task);
    }

    /// <summary>Sends from several threads, as fast as the window allows, until all is acknowledged.</summary>
    public async Task Flood(int length, int frames, int senders)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The last one asks for an acknowledgement of all.
        _rest = frames + 1;
        _framesPerCredit = Math.Max(1, Window / 16 / length);
        _uncredited = 0;
        _credit = new SemaphoreSlim(16);
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Factory.StartNew(
            () => Send(length, frames / senders), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var last = new byte[length];
        last[1] = 1;
        _link.TrySend(last, int.MaxValue);
        await _done.Task;
    }

    public async Task Echo(int times, LatencyHistogram into)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_rest, _times) = (times, into);
        SendEcho();
        await _done.Task;
    }

    public void Close() => _link.Close();

    public void Opened(ILink link) => _opened.SetResult();

    public void Closed(ILink link, Exception? cause)
    {
        if (cause is not null)
            Console.Error.WriteLine(cause);
    }

    public void Received(ILink link, ReadOnlySpan<byte> frame)
    {
        switch (frame[0])
        {
            case TransportPeer.Kind.Data:
                Acknowledged((int)BinaryPrimitives.ReadInt64LittleEndian(frame[1..]));
                break;
            case TransportPeer.Kind.Echo:
                _times.Add((long)Stopwatch.GetElapsedTime(_sentAt).TotalMicroseconds);
                if (--_rest == 0)
                    _done.SetResult();
                else
                    SendEcho();
                break;
            default:
                _cpu.SetResult(BinaryPrimitives.ReadInt64LittleEndian(frame[1..]));
                break;
        }
    }

    private void Acknowledged(int frames)
    {
        _uncredited += frames;
        if (_uncredited / _framesPerCredit is var credits and > 0)
        {
            _uncredited -= credits * _framesPerCredit;
            _credit.Release(credits);
        }

        if (Interlocked.Add(ref _rest, -frames) == 0)
            _done.SetResult();
    }

    private void Send(int length, int frames)
    {
        var frame = new byte[length];
        for (var sent = 0; sent < frames; sent++)
        {
            if (sent % _framesPerCredit == 0)
                _credit.Wait();
            _link.TrySend(frame, int.MaxValue);
        }
    }

    private void SendEcho()
    {
        Span<byte> frame = stackalloc byte[100];
        frame[0] = TransportPeer.Kind.Echo;
        _sentAt = Stopwatch.GetTimestamp();
        _link.TrySend(frame, int.MaxValue);
    }
}

