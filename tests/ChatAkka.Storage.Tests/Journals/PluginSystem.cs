using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Serialization;
using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>Actor systems for tests of plugins.</summary>
internal static class PluginSystem
{
    /// <summary>One whose journal and snapshots are in a store.</summary>
    public static ActorSystem Create(ChatStore store)
    {
        var system = Create(typeof(ChatJournal), typeof(ChatSnapshotStore));
        system.RegisterExtension(new ChatStoreProvider(store));
        return system;
    }

    /// <summary>One whose default journal and snapshot store are given by type; null for the runtime's own, in memory.</summary>
    public static ActorSystem Create(Type? journal, Type? snapshotStore)
    {
        var serializers = SerializationSetup.Create(
            system => [SerializerDetails.Create("noted", new NotedSerializer(system), ImmutableHashSet.Create(typeof(Noted)))]);
        return ActorSystem.Create("storage-tests", ActorSystemSetup.Create(serializers, DefaultPlugins.Of(journal, snapshotStore)));
    }
}

/// <summary>The event of these tests. One whose text is <see cref="Unserializable"/> can't be serialized.</summary>
internal sealed record Noted(string Text)
{
    public const string Unserializable = "unserializable";
}

internal sealed class NotedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 9_001;

    public override string Manifest(object o) => "n";

    public override byte[] ToBinary(object obj) =>
        ((Noted)obj).Text is var text && text != Noted.Unserializable ? Encoding.UTF8.GetBytes(text) : throw new InvalidOperationException("can't be serialized");

    public override object FromBinary(byte[] bytes, string manifest) =>
        manifest == "n" ? new Noted(Encoding.UTF8.GetString(bytes)) : throw new ArgumentException($"unknown manifest '{manifest}'", nameof(manifest));
}
