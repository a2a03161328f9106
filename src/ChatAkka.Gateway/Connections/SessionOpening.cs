using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Logging;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Gateway.Connections;

/// <summary>A socket's way from its first frame to a session of a known device. Given up when that is to be attached.</summary>
internal sealed class SessionOpening(ConnectionServices services, SocketWriter writer, IActorRef self)
{
    private HelloFrame? _hello;
    private Dictionary<ChannelId, long>? _cursors;

    /// <summary>A hello was taken.</summary>
    public bool IsAuthenticating => _hello is not null;

    /// <summary>Takes a frame of a socket that hasn't said hello yet.</summary>
    /// <param name="authentication">Who says hello, if that is known at once; otherwise the actor is told later.</param>
    /// <returns>The code to close with, if it was a frame that mustn't come first.</returns>
    public CloseCode? Begin(ClientFrame frame, out Authentication? authentication)
    {
        authentication = null;
        switch (frame)
        {
            case HelloFrame hello when !TryCursors(hello, out _cursors):
                writer.Error(hello.Ref, ErrorCodes.BadRequest, "cursors must be an object of channel ids and message ids");
                return null;
            case HelloFrame hello:
                _hello = hello;
                authentication = Authenticate(hello.Token);
                return null;
            case RefusedFrame refused:
                writer.Error(refused.Ref, refused.Code, refused.Detail);
                return CloseCode.Unauthorized;
            default:
                writer.Error(frame.Ref, ErrorCodes.Unauthorized, "hello comes first");
                return CloseCode.Unauthorized;
        }
    }

    /// <summary>Answers the hello with who it turned out to be.</summary>
    /// <param name="reason">Of the code, if it isn't the usual one.</param>
    /// <returns>The code to close with, if it is nobody or has too many sockets; null if the session is to be attached.</returns>
    public CloseCode? Proceed(Authentication authentication, out string? reason)
    {
        reason = null;
        switch (authentication)
        {
            case Authenticated identity when services.Accounts.TryEnter(identity.User):
                var encoder = SocketWriter.Encoder;
                var ok = new HelloOk(identity.User.Value, identity.Device.Value, services.Gateway.Node, services.UnixNow);
                ServerFrameEncoder.Hello(encoder, _hello!.Ref, ok);
                writer.Send(encoder);
                return null;
            case Authenticated:
                writer.Error(_hello!.Ref, ErrorCodes.RateLimited, "too many sockets of this account", ProtocolLimits.TimeoutMs);
                reason = ErrorCodes.RateLimited.Name;
                return CloseCode.TooSlow;
            case NotAuthenticated:
                writer.Error(_hello!.Ref, ErrorCodes.Unauthorized);
                return CloseCode.Unauthorized;
            default:
                writer.Error(_hello!.Ref, ErrorCodes.Unavailable, null, Refusals.RetryMs);
                return CloseCode.InternalError;
        }
    }

    /// <summary>Where the device says itself that it is; null if it doesn't.</summary>
    public IReadOnlyDictionary<ChannelId, long>? Cursors => _cursors;

    private Authentication? Authenticate(string token)
    {
        var authentication = services.Authenticator.AuthenticateAsync(token, CancellationToken.None);
        if (authentication.IsCompletedSuccessfully)
        {
            return authentication.Result;
        }

        var log = services.Log;
        authentication.AsTask().PipeTo(
            self,
            success: static result => result,
            failure: fault =>
            {
                GatewayLog.AuthenticationFault(log, fault);
                return AuthenticationUnavailable.Instance;
            });
        return null;
    }

    private static bool TryCursors(HelloFrame hello, out Dictionary<ChannelId, long>? cursors)
    {
        cursors = null;
        if (hello.Cursors is null)
        {
            return true;
        }

        cursors = new Dictionary<ChannelId, long>(hello.Cursors.Count);
        foreach (var (text, id) in hello.Cursors)
        {
            if (!ChannelId.TryParse(text, out var channel))
            {
                return false;
            }

            cursors[channel] = id;
        }

        return true;
    }
}
