using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Transport;

namespace ChatAkka.Gateway.Tests.Connections;

public sealed class OutboundTests
{
    private const int PipeBytes = 1_000;
    private const int Limit = 5_000;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        useSynchronizationContext: false));

    private readonly CountingOutbound _outbound;

    public OutboundTests() => _outbound = new CountingOutbound(new PipeTransport(_pipe.Reader, _pipe.Writer, () => { }));

    [Fact]
    public void Nothing_reaches_the_reader_before_the_flush()
    {
        _outbound.TryWrite("one "u8);
        _outbound.TryWriteShared("two"u8.ToArray());
        _pipe.Reader.TryRead(out _).ShouldBeFalse();
        _outbound.Flush();
        ReadAll().ShouldBe("one two");
        _outbound.IsFlushing.ShouldBeFalse();
    }

    [Fact]
    public void Frames_wait_in_order_while_the_pipe_is_full()
    {
        var sent = new StringBuilder();
        for (var i = 0; i < 40; i++)
        {
            var frame = $"[{i}{new string('x', 100)}]";
            sent.Append(frame);
            (i % 2 == 0 ? _outbound.TryWrite(Encoding.ASCII.GetBytes(frame)) : _outbound.TryWriteShared(Encoding.ASCII.GetBytes(frame)))
                .ShouldBeTrue();
            _outbound.Flush();
        }

        _outbound.IsFlushing.ShouldBeTrue();
        _outbound.WaitingBytes.ShouldBeGreaterThan(0);
        var received = new StringBuilder();
        while (received.Length < sent.Length)
        {
            received.Append(ReadAll());
            TakeCallbacks();
        }

        received.ToString().ShouldBe(sent.ToString());
        (_outbound.IsFlushing, _outbound.WaitingBytes).ShouldBe((false, 0));
    }

    [Fact]
    public void A_reader_that_never_reads_costs_no_more_than_the_limit()
    {
        var frame = new byte[100];
        var accepted = 0;
        while (_outbound.TryWrite(frame))
        {
            accepted++;
            _outbound.Flush();
            accepted.ShouldBeLessThan(1_000);
        }

        _outbound.WaitingBytes.ShouldBeLessThanOrEqualTo(Limit);
        (accepted * frame.Length).ShouldBeLessThanOrEqualTo(Limit + PipeBytes);
        _outbound.TryWrite(new byte[10_000], exempt: true).ShouldBeTrue();
        _outbound.DropWaiting();
        _outbound.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    public void A_long_burst_is_flushed_before_its_end()
    {
        _outbound.TryWrite(new byte[40_000]);
        _outbound.IsFlushing.ShouldBeTrue();
    }

    [Fact]
    public void A_reader_that_has_gone_breaks_it()
    {
        _outbound.TryWrite(new byte[2_000]);
        _outbound.Flush();
        _outbound.TryWrite("waits"u8);
        _pipe.Reader.Complete();
        TakeCallbacks();
        _outbound.IsBroken.ShouldBeTrue();
        _outbound.WaitingBytes.ShouldBe(0);
    }

    private void TakeCallbacks()
    {
        while (_outbound.Flushed > 0)
        {
            _outbound.Flushed--;
            _outbound.CompleteFlush();
        }
    }

    private string ReadAll()
    {
        _pipe.Reader.TryRead(out var result).ShouldBeTrue();
        var text = Encoding.ASCII.GetString(result.Buffer);
        _pipe.Reader.AdvanceTo(result.Buffer.End);
        return text;
    }

    private sealed class CountingOutbound(ITransport transport) : Outbound(transport, Limit)
    {
        public int Flushed { get; set; }

        protected override void OnFlushed() => Flushed++;
    }
}
