using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Where the cluster's actors are on every node. Part of the protocol.</summary>
internal static class ClusterPaths
{
    public static ActorPath Daemon(Address node) => new RootActorPath(node) / "system" / "cluster" / "core" / "daemon";

    public static ActorPath HeartbeatReceiver(Address node) => new RootActorPath(node) / "system" / "cluster" / "heartbeatReceiver";
}
