using Akka.Actor;
using Akka.Cluster;

namespace Akka.DistributedData.Replication;

/// <summary>From where a replicator knows the others.</summary>
internal interface IReplicaGroup
{
    UniqueAddress Self { get; }

    /// <summary>Has the replicator sent messages, of whatever type, that <see cref="Translate"/> knows.</summary>
    void Subscribe(IActorRef replicator);

    void Unsubscribe(IActorRef replicator);

    /// <summary>What a message says; null if it says nothing of nodes with a replicator.</summary>
    MembershipChange? Translate(object message);

    /// <summary>Whether the message is one of the group's.</summary>
    bool Knows(object message);

    IActorRef ReplicatorOf(UniqueAddress node);
}
