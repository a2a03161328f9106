using Akka.Actor;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Discovery;
using ChatAkka.Gateway.Limits;
using ChatAkka.Gateway.Timelines;
using Microsoft.Extensions.Logging;

namespace ChatAkka.Gateway.Connections;

/// <summary>What all connections of a node share.</summary>
internal sealed record ConnectionServices(
    IActorRef Channels,
    IActorRef Users,
    IActorRef Presence,
    IAuthenticator Authenticator,
    HistoryReader History,
    AccountLimits Accounts,
    LimitsOptions Limits,
    GatewayOptions Gateway,
    Servers Servers,
    TimeProvider Time,
    ILogger Log)
{
    /// <summary>This node is one of several.</summary>
    public bool IsClustered { get; init; }

    /// <summary>Ms since the Unix epoch.</summary>
    public long UnixNow => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A span as timestamps count it.</summary>
    public long Ticks(int milliseconds) => milliseconds * Time.TimestampFrequency / 1_000;
}
