using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.DistributedData.Wire;

/// <summary>What an actor may say to a replicator of another node, and the answers.</summary>
internal static class ClientMessages
{
    public static string Manifest(object o) => o switch
    {
        Get => "g",
        GetSuccess => "gs",
        NotFound => "gn",
        GetFailure => "gf",
        Subscribe => "s",
        Unsubscribe => "u",
        Changed => "h",
        _ => throw new SerializationException($"{o.GetType()} is none of the messages that replicators take from other nodes"),
    };

    public static ReplicatorMessage ToWire(object message, WireWriter writer) => message switch
    {
        Get get => Of(get.Key, get.Request, get.Consistency, writer),
        GetSuccess success => Of(success.Key, success.Request, success.Data, writer),
        NotFound found => Of(found.Key, found.Request, (IReplicatedData?)null, writer),
        GetFailure failure => Of(failure.Key, failure.Request, (IReplicatedData?)null, writer),
        Subscribe subscribe => Of(subscribe.Key, subscribe.Subscriber),
        Unsubscribe unsubscribe => Of(unsubscribe.Key, unsubscribe.Subscriber),
        Changed changed => Of(changed.Key, null, (IReplicatedData)changed.Data, writer),
        _ => throw new SerializationException($"{message.GetType()} is none of the messages that replicators take from other nodes"),
    };

    public static object FromWire(ReplicatorMessage message, string manifest, WireReader reader)
    {
        var key = message.TypedKey is null
            ? throw new SerializationException($"Unknown manifest [{manifest}] of replicators' messages, or no key")
            : ReplicatedDataSerializer.FromWire(message.TypedKey);
        return manifest switch
        {
            "g" => new Get(key, ConsistencyOf(message), reader.Foreign(message.Request)),
            "gs" => new GetSuccess(key, reader.Foreign(message.Request), reader.Data(message.Value)),
            "gn" => new NotFound(key, reader.Foreign(message.Request)),
            "gf" => new GetFailure(key, reader.Foreign(message.Request)),
            "s" => new Subscribe(key, reader.Provider.ResolveActorRef(message.Actor)),
            "u" => new Unsubscribe(key, reader.Provider.ResolveActorRef(message.Actor)),
            "h" => new Changed(key, reader.Data(message.Value)),
            _ => throw new SerializationException($"Unknown manifest [{manifest}] of replicators' messages"),
        };
    }

    private static ReplicatorMessage Of(IKey key, object? request, IReplicatedData? value, WireWriter writer) => new()
    {
        TypedKey = ReplicatedDataSerializer.ToWire(key),
        Request = request is null ? null : writer.Foreign(request),
        Value = value is null ? null : writer.Data(value),
    };

    private static ReplicatorMessage Of(IKey key, IActorRef actor) => new()
    {
        TypedKey = ReplicatedDataSerializer.ToWire(key),
        Actor = Akka.Serialization.Serialization.SerializedActorPath(actor),
    };

    private static ReplicatorMessage Of(IKey key, object? request, IReadConsistency consistency, WireWriter writer)
    {
        var message = Of(key, request, (IReplicatedData?)null, writer);
        (message.Consistency, message.Count) = consistency switch
        {
            ReadLocal => (0u, 0u),
            ReadFrom from => (1u, (uint)from.N),
            ReadMajority majority => (2u, (uint)majority.MinCapacity),
            ReadAll => (3u, 0u),
            _ => throw new SerializationException($"{consistency} is not a known consistency"),
        };
        message.Timeout = (ulong)consistency.Timeout.Ticks;
        return message;
    }

    private static IReadConsistency ConsistencyOf(ReplicatorMessage message)
    {
        var timeout = TimeSpan.FromTicks((long)message.Timeout);
        return message.Consistency switch
        {
            0 => ReadLocal.Instance,
            1 => new ReadFrom((int)message.Count, timeout),
            2 => new ReadMajority(timeout, (int)message.Count),
            3 => new ReadAll(timeout),
            _ => throw new SerializationException($"Consistency {message.Consistency} is not known"),
        };
    }
}
