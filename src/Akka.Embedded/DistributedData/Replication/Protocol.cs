using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace Akka.DistributedData.Replication;

/// <summary>Marks what replicators on different nodes say to each other.</summary>
internal interface IReplicatorWireMessage : IReplicatorMessage, IDeadLetterSuppression;

// ---- reads and writes of several nodes; answered to the aggregator that asks

/// <summary>Has a value, or a change that needs no earlier one, merged.</summary>
internal sealed record Write(string Key, DataEnvelope Envelope) : IReplicatorWireMessage;

internal sealed record WriteAck(UniqueAddress From) : IReplicatorWireMessage;

/// <summary>The value could not be merged.</summary>
internal sealed record WriteNack(UniqueAddress From) : IReplicatorWireMessage;

/// <summary>A change could not be applied, as earlier ones are missing.</summary>
internal sealed record DeltaNack(UniqueAddress From) : IReplicatorWireMessage;

internal sealed record Read(string Key) : IReplicatorWireMessage;

/// <param name="From">Who answers.</param>
/// <param name="Envelope">Null if the node has no value.</param>
internal sealed record ReadResult(UniqueAddress From, DataEnvelope? Envelope) : IReplicatorWireMessage;

// ---- changes

/// <summary>A node's changes since it has last told of any.</summary>
/// <param name="From">The node.</param>
/// <param name="IsWrite">Whether whoever sends it waits for an answer.</param>
/// <param name="Ranges">The changes, by key.</param>
internal sealed record DeltaPropagation(UniqueAddress From, bool IsWrite, IReadOnlyList<DeltaRange> Ranges) : IReplicatorWireMessage
{
    /// <summary>The message in bytes, once it is known: it goes to every other node.</summary>
    public byte[]? Bytes { get; set; }
}

/// <summary>A node has missed changes.</summary>
/// <param name="From">The node.</param>
/// <param name="Have">Up to which it has them, by key.</param>
internal sealed record DeltaGaps(UniqueAddress From, IReadOnlyList<(string Key, long Have)> Have) : IReplicatorWireMessage;

// ---- comparing two nodes

/// <summary>Begins a comparison: all that a node has, in one number. Answered, if the other's is another, with all its
/// <see cref="Digests"/>.</summary>
internal sealed record Summary(UniqueAddress From, ulong Fingerprint) : IReplicatorWireMessage;

/// <summary>What a node has of some keys.</summary>
/// <param name="From">The node.</param>
/// <param name="Entries">By key.</param>
/// <param name="Chunk">Keys of this part, and only these, are told of.</param>
/// <param name="Chunks">The number of parts; 0 if only these keys are told of, and nothing follows from another's being missing.</param>
internal sealed record Digests(UniqueAddress From, IReadOnlyList<Digest> Entries, int Chunk, int Chunks) : IReplicatorWireMessage;

/// <param name="Key">The key.</param>
/// <param name="Data">The fingerprint of the value; 0 if there is none.</param>
/// <param name="Pruning">The fingerprint of how far pruning has got.</param>
/// <param name="Versions">The changes that are in the value.</param>
internal readonly record struct Digest(string Key, ulong Data, ulong Pruning, VersionVector Versions);

/// <summary>Asks for values.</summary>
/// <param name="From">Who asks.</param>
/// <param name="Keys">Of which the value is wanted.</param>
/// <param name="MarkerKeys">Of which only is wanted how far pruning has got.</param>
internal sealed record Pull(UniqueAddress From, IReadOnlyList<string> Keys, IReadOnlyList<string> MarkerKeys) : IReplicatorWireMessage;

/// <summary>Values that were asked for.</summary>
/// <param name="From">Who has them.</param>
/// <param name="Entries">The values.</param>
/// <param name="Rest">Keys that were asked for too, and that were too much to be sent at once: ask again.</param>
internal sealed record Copies(UniqueAddress From, IReadOnlyList<Copy> Entries, IReadOnlyList<string> Rest) : IReplicatorWireMessage;

/// <param name="Key">The key.</param>
/// <param name="Envelope">The value.</param>
/// <param name="HasData">False where only how far pruning has got was asked for: then there is nothing else in the envelope.</param>
internal readonly record struct Copy(string Key, DataEnvelope Envelope, bool HasData);

// ---- within a node

/// <summary>What a read has found on another node.</summary>
internal sealed record ReadRepair(string Key, DataEnvelope? Envelope) : INoSerializationVerificationNeeded;

/// <summary>The answer to <see cref="ReadRepair"/>: what this node has now.</summary>
internal sealed record ReadRepaired(DataEnvelope? Envelope) : INoSerializationVerificationNeeded;
