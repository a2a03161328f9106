using System.Buffers;
using System.IO.Pipelines;
using ChatAkka.Gateway.Connections;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Logging;
using ChatAkka.Gateway.WebSockets.Handshake;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.WebSockets;

/// <summary>
/// Stands before Kestrel's HTTP on every connection. It looks at the first bytes without consuming them: a request for the WebSocket it serves
/// itself, on the connection's own pipes; everything else goes on to HTTP as if nobody had looked.
/// </summary>
/// <remarks>
/// Through HTTP a socket would cost 2.5 times the memory for as long as it lives. A WebSocket request that comes later on an HTTP connection
/// takes that way all the same, through <see cref="WebSocketEndpoint"/>.
/// </remarks>
internal sealed class WebSocketMiddleware(WebSocketAcceptor acceptor, ConnectionRegistry registry, FileBudget files, TimeProvider time, ILogger log)
{
    private const int HeadTimeoutMs = 10_000;

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        try
        {
            var (first, answer) = await ReadFirstAsync(context);
            if (first == FirstRequest.Other)
            {
                await next(context);
            }
            else if (first == FirstRequest.WebSocket)
            {
                await AnswerAsync(context, answer!);
            }
        }
        finally
        {
            files.Leave();
        }
    }

    // Undecided means that the connection is gone or was cut.
    private async ValueTask<(FirstRequest First, HandshakeAnswer? Answer)> ReadFirstAsync(ConnectionContext context)
    {
        var deadline = new HeadDeadline(time.GetTimestamp() + HeadTimeoutMs * time.TimestampFrequency / 1_000, context.Abort);
        registry.Add(deadline);
        var input = context.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                var first = Examine(result.Buffer, out var answer, out var consumed);
                var decided = first == FirstRequest.Other || answer is not null;

                // Whoever reads next must be told of what is there: nothing counts as examined then.
                input.AdvanceTo(consumed, decided ? consumed : result.Buffer.End);
                if (decided)
                {
                    return deadline.Meet() ? (first, answer) : (FirstRequest.Undecided, null);
                }

                if (result.IsCompleted)
                {
                    return (FirstRequest.Undecided, null);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            GatewayLog.ConnectionLost(log, e);
            return (FirstRequest.Undecided, null);
        }
        finally
        {
            if (deadline.Meet())
            {
                GatewayLog.HeadClosed(log);
            }
        }
    }

    private static FirstRequest Examine(in ReadOnlySequence<byte> buffer, out HandshakeAnswer? answer, out SequencePosition consumed)
    {
        answer = null;
        consumed = buffer.Start;
        var first = RequestHead.Recognise(buffer);
        if (first != FirstRequest.WebSocket)
        {
            return first;
        }

        var end = RequestHead.FindEnd(buffer);
        if (end > RequestHead.MaxBytes || end < 0 && buffer.Length > RequestHead.MaxBytes)
        {
            answer = HandshakeAnswer.HeadTooLarge;
            consumed = buffer.End;
        }
        else if (end >= 0)
        {
            answer = RequestHead.TryParse(buffer.Slice(0, end), out var request) ? HandshakeAnswer.To(request) : HandshakeAnswer.Malformed;
            consumed = buffer.GetPosition(end);
        }

        return first;
    }

    private async Task AnswerAsync(ConnectionContext context, HandshakeAnswer answer)
    {
        answer = acceptor.Check(answer);
        var output = context.Transport.Output;
        output.Write(answer.ToBytes());
        var flushed = await output.FlushAsync();
        if (answer.IsAccepted && !flushed.IsCompleted)
        {
            await acceptor.RunAsync(context.Transport, context.Abort);
        }
    }
}
