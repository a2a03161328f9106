using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData.Replication;
using Akka.Event;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.DistributedData.Wire;

/// <summary>What replicators say to each other, and what an actor may say to a replicator of another node.</summary>
/// <remarks>A message tells of many keys. One whose type a node doesn't know, or can't write, is left out: the others must not suffer
/// for it.</remarks>
internal sealed class ReplicatorMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const int MaxWarnings = 100;

    private readonly ConcurrentDictionary<string, bool> _warned = new();

    public override int Identifier => 11;

    public override string Manifest(object o) => o switch
    {
        DeltaPropagation => "D",
        DeltaGaps => "N",
        Summary => "H",
        Digests => "S",
        Pull => "P",
        Copies => "G",
        Write => "W",
        WriteAck => "a",
        WriteNack => "b",
        DeltaNack => "c",
        Read => "R",
        ReadResult => "r",
        _ => ClientMessages.Manifest(o),
    };

    public override byte[] ToBinary(object obj)
    {
        if (obj is DeltaPropagation { Bytes: { } bytes })
            return bytes;
        var writer = new WireWriter(system);
        var message = obj switch
        {
            DeltaPropagation propagation => ToWire(propagation, writer),
            DeltaGaps gaps => ToWire(gaps, writer),
            Summary summary => new ReplicatorMessage { From = From(summary.From, writer), Fingerprint = summary.Fingerprint },
            Digests digests => ToWire(digests, writer),
            Pull pull => new ReplicatorMessage
            {
                From = From(pull.From, writer),
                Keys = { pull.Keys },
                MarkerKeys = { pull.MarkerKeys },
            },
            Copies copies => ToWire(copies, writer),
            Write write => new ReplicatorMessage { Key = write.Key, Envelope = Envelopes.ToWire(write.Envelope, true, writer) },
            WriteAck ack => new ReplicatorMessage { From = From(ack.From, writer) },
            WriteNack nack => new ReplicatorMessage { From = From(nack.From, writer) },
            DeltaNack nack => new ReplicatorMessage { From = From(nack.From, writer) },
            Read read => new ReplicatorMessage { Key = read.Key },
            ReadResult result => new ReplicatorMessage
            {
                From = From(result.From, writer),
                Envelope = result.Envelope is null ? null : Envelopes.ToWire(result.Envelope, true, writer),
            },
            _ => ClientMessages.ToWire(obj, writer),
        };
        if (writer.Names.CalculateSize() > 0)
            message.Names = writer.Names;
        bytes = message.ToByteArray();
        if (obj is DeltaPropagation sent)
            sent.Bytes = bytes;
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var message = ReplicatorMessage.Parser.ParseFrom(bytes);
        var reader = new WireReader(system, message.Names);
        return manifest switch
        {
            "D" => ReadPropagation(message, reader),
            "N" => new DeltaGaps(From(message, reader), [.. message.Keys.Zip(message.Numbers, static (key, have) => (key, (long)have))]),
            "H" => new Summary(From(message, reader), message.Fingerprint),
            "S" => ReadDigests(message, reader),
            "P" => new Pull(From(message, reader), [.. message.Keys], [.. message.MarkerKeys]),
            "G" => ReadCopies(message, reader),
            "W" => new Write(message.Key, Envelopes.FromWire(message.Envelope, reader)),
            "a" => new WriteAck(From(message, reader)),
            "b" => new WriteNack(From(message, reader)),
            "c" => new DeltaNack(From(message, reader)),
            "R" => new Read(message.Key),
            "r" => new ReadResult(
                From(message, reader), message.Envelope is null ? null : Envelopes.FromWire(message.Envelope, reader)),
            _ => ClientMessages.FromWire(message, manifest, reader),
        };
    }

    private static uint From(UniqueAddress node, WireWriter writer) => writer.IndexOf(node) + 1;

    private static UniqueAddress From(ReplicatorMessage message, WireReader reader) => message.From == 0
        ? throw new SerializationException("The message doesn't tell whose it is")
        : reader.NodeAt(message.From - 1);

    private ReplicatorMessage ToWire(DeltaPropagation propagation, WireWriter writer)
    {
        var message = new ReplicatorMessage { From = From(propagation.From, writer), IsWrite = propagation.IsWrite };
        foreach (var range in propagation.Ranges)
        {
            if (Try(() => writer.Data(range.Delta)) is { } delta)
            {
                message.Ranges.Add(new DeltaRangeMessage
                {
                    Key = range.Key,
                    From = (ulong)range.From,
                    More = (uint)(range.To - range.From),
                    Delta = delta,
                });
            }
        }

        return message;
    }

    private DeltaPropagation ReadPropagation(ReplicatorMessage message, WireReader reader)
    {
        var ranges = new List<DeltaRange>(message.Ranges.Count);
        foreach (var range in message.Ranges)
        {
            if (Try(() => (IReplicatedDelta)reader.Data(range.Delta)) is { } delta)
                ranges.Add(new(range.Key, (long)range.From, (long)range.From + range.More, delta, Deltas.SizeOf(delta)));
        }

        return new(From(message, reader), message.IsWrite, ranges);
    }

    private static ReplicatorMessage ToWire(DeltaGaps gaps, WireWriter writer)
    {
        var message = new ReplicatorMessage { From = From(gaps.From, writer) };
        foreach (var (key, have) in gaps.Have)
        {
            message.Keys.Add(key);
            message.Numbers.Add((ulong)have);
        }

        return message;
    }

    private static ReplicatorMessage ToWire(Digests digests, WireWriter writer)
    {
        var message = new ReplicatorMessage
        {
            From = From(digests.From, writer),
            Chunk = (uint)digests.Chunk,
            Chunks = (uint)digests.Chunks,
            Versions = new Versions(),
        };
        var isPruning = digests.Entries.Any(static entry => entry.Pruning != 0);
        foreach (var entry in digests.Entries)
        {
            message.Keys.Add(entry.Key);
            message.Data.Add(entry.Data);
            if (isPruning)
                message.Pruning.Add(entry.Pruning);
            message.VersionCounts.Add((uint)entry.Versions.Count);
            for (var i = 0; i < entry.Versions.Count; i++)
                writer.Add(message.Versions, entry.Versions.Nodes[i], entry.Versions.Versions[i]);
        }

        return message;
    }

    private static Digests ReadDigests(ReplicatorMessage message, WireReader reader)
    {
        var entries = new Digest[message.Keys.Count];
        var next = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            var count = (int)message.VersionCounts[i];
            var nodes = new UniqueAddress[count];
            var numbers = new long[count];
            for (var j = 0; j < count; j++, next++)
                (nodes[j], numbers[j]) = (reader.NodeAt(message.Versions.Nodes[next]), (long)message.Versions.Numbers[next]);
            var pruning = message.Pruning.Count == 0 ? 0 : message.Pruning[i];
            entries[i] = new(message.Keys[i], message.Data[i], pruning, VersionVector.Of(nodes, numbers));
        }

        return new(From(message, reader), entries, (int)message.Chunk, (int)message.Chunks);
    }

    private ReplicatorMessage ToWire(Copies copies, WireWriter writer)
    {
        var message = new ReplicatorMessage { From = From(copies.From, writer), Rest = { copies.Rest } };
        foreach (var copy in copies.Entries)
        {
            if (Try(() => Envelopes.ToWire(copy.Envelope, copy.HasData, writer)) is { } envelope)
            {
                message.Keys.Add(copy.Key);
                message.Envelopes.Add(envelope);
            }
        }

        return message;
    }

    private Copies ReadCopies(ReplicatorMessage message, WireReader reader)
    {
        var entries = new List<Copy>(message.Keys.Count);
        for (var i = 0; i < message.Keys.Count; i++)
        {
            var written = message.Envelopes[i];
            if (Try(() => Envelopes.FromWire(written, reader)) is { } envelope)
                entries.Add(new(message.Keys[i], envelope, written.Data is not null || written.IsDeleted));
        }

        return new(From(message, reader), entries, [.. message.Rest]);
    }

    /// <summary>Null if it can't be done, which is said once.</summary>
    private T? Try<T>(Func<T> convert)
        where T : class
    {
        try
        {
            return convert();
        }
        catch (Exception e) when (e is SerializationException or InvalidCastException or ArgumentException)
        {
            if (_warned.Count < MaxWarnings && _warned.TryAdd(e.Message, true))
                system.Log.Warning(e, "A replicated value can't be exchanged with other nodes");
            return null;
        }
    }
}

/// <summary>Writes and reads copies of values.</summary>
internal static class Envelopes
{
    public static Envelope ToWire(DataEnvelope envelope, bool withData, WireWriter writer)
    {
        if (envelope.IsDeleted)
            return new Envelope { IsDeleted = true };
        var written = new Envelope { Data = withData ? writer.Data(envelope.Data) : null };
        if (withData && !envelope.DeltaVersions.IsEmpty)
            written.Versions = writer.Versions(envelope.DeltaVersions);
        foreach (var (removed, state) in envelope.Pruning.OrderBy(static pruning => pruning.Key))
        {
            written.Pruning.Add(state switch
            {
                PruningInitialized initialized => new Pruning
                {
                    Removed = writer.IndexOf(removed),
                    By = writer.IndexOf(initialized.Owner),
                    Seen = { initialized.Seen.Order().Select(writer.IndexOf) },
                },
                PruningPerformed performed => new Pruning
                {
                    Removed = writer.IndexOf(removed),
                    By = writer.IndexOf(performed.By),
                    IsPerformed = true,
                    ObsoleteAt = performed.ObsoleteAt,
                    Sequence = (ulong)performed.Sequence,
                },
                _ => throw new SerializationException($"{state.GetType()} is no known state of pruning"),
            });
        }

        return written;
    }

    /// <remarks>Without data there is something in its place that nobody looks at.</remarks>
    public static DataEnvelope FromWire(Envelope envelope, WireReader reader)
    {
        if (envelope.IsDeleted)
            return DataEnvelope.Deleted;
        var pruning = ImmutableDictionary.CreateBuilder<UniqueAddress, PruningState>();
        foreach (var state in envelope.Pruning)
        {
            pruning[reader.NodeAt(state.Removed)] = state.IsPerformed
                ? new PruningPerformed(state.ObsoleteAt, reader.NodeAt(state.By), (long)state.Sequence)
                : new PruningInitialized(reader.NodeAt(state.By), [.. state.Seen.Select(reader.NodeAt)]);
        }

        return new(
            envelope.Data is null ? Flag.False : reader.Data(envelope.Data), pruning.ToImmutable(), reader.Versions(envelope.Versions));
    }
}
