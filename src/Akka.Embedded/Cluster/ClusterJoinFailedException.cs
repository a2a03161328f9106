using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The node was removed before it became a member, or can't become one.</summary>
public class ClusterJoinFailedException(string message) : AkkaException(message);
