using System.IO.Pipelines;
using System.Text.Json;
using ChatAkka.Gateway.Transport;
using ChatAkka.Gateway.WebSockets.Handshake;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatAkka.Gateway.WebSockets;

/// <summary>
/// Serves a WebSocket request that Kestrel's HTTP has read: because it came in pieces, wasn't the first of its connection or must be
/// refused, or because there is no epoll here. It costs 2.5 times the memory for as long as it lives.
/// </summary>
internal static class WebSocketEndpoint
{
    public static async Task InvokeAsync(HttpContext context, WebSocketAcceptor acceptor)
    {
        var headers = context.Request.Headers;
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        var answer = acceptor.Answer(new UpgradeRequest
        {
            Host = headers.Host,
            Connection = headers.Connection,
            Upgrade = upgrade?.IsUpgradableRequest == true && HttpProtocol.IsHttp11(context.Request.Protocol) ? headers.Upgrade : "",
            Version = headers.SecWebSocketVersion,
            Key = headers.SecWebSocketKey,
            Protocols = headers.SecWebSocketProtocol,
            HasBody = context.Request.ContentLength > 0,
        });
        if (!answer.IsAccepted)
        {
            acceptor.Refuse(answer);
            await RefuseAsync(context.Response, answer);
            return;
        }

        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.SecWebSocketAccept = answer.AcceptKey;
        if (answer.Protocol is not null)
        {
            context.Response.Headers.SecWebSocketProtocol = answer.Protocol;
        }

        // The connection outlives the request's context, and an abort may come after both: it must not go through the context.
        var lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
        await using var stream = await upgrade!.UpgradeAsync();
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var transport = new PipeTransport(input, output, lifetime.Abort);
        acceptor.Serve(transport);
        await transport.Closed;
        await input.CompleteAsync();
        await output.CompleteAsync();
    }

    private static Task RefuseAsync(HttpResponse response, HandshakeAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = ProblemBody.ContentType;
        if (answer.TellsVersion)
        {
            response.Headers.Upgrade = "websocket";
            response.Headers.SecWebSocketVersion = "13";
        }

        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer.ToProblem(), HttpJson.Wire.ProblemBody)).AsTask();
    }
}
