using System.IO.Pipelines;
using System.Text.Json;
using ChatAkka.Gateway.WebSockets.Handshake;
using ChatAkka.Protocol.Http;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatAkka.Gateway.WebSockets;

/// <summary>Serves a WebSocket request that Kestrel's HTTP has read, because it wasn't the first of its connection.</summary>
internal static class WebSocketEndpoint
{
    public static async Task InvokeAsync(HttpContext context, WebSocketAcceptor acceptor)
    {
        var headers = context.Request.Headers;
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        var answer = acceptor.Check(HandshakeAnswer.To(new UpgradeRequest
        {
            Host = headers.Host,
            Connection = headers.Connection,
            Upgrade = upgrade?.IsUpgradableRequest == true ? headers.Upgrade : "",
            Version = headers.SecWebSocketVersion,
            Key = headers.SecWebSocketKey,
            Protocols = headers.SecWebSocketProtocol,
            HasBody = context.Request.ContentLength > 0,
        }));
        if (!answer.IsAccepted)
        {
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
        var transport = new StreamTransport(stream);
        await acceptor.RunAsync(transport, lifetime.Abort);
        await transport.CompleteAsync();
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

    private sealed class StreamTransport(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

        public async Task CompleteAsync()
        {
            await Input.CompleteAsync();
            await Output.CompleteAsync();
        }
    }
}
