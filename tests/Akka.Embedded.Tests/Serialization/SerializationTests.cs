using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Embedded.Tests.Serialization;

public sealed class SerializationTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Bound_type_makes_the_round_trip()
    {
        Sys.Serialization.AddSerializer("text", new TextSerializer((ExtendedActorSystem)Sys));
        Sys.Serialization.AddSerializationMap(typeof(IText), new TextSerializer((ExtendedActorSystem)Sys));
        var serializer = Sys.Serialization.FindSerializerFor(new Text("x"));
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, new Text("x"));
        manifest.ShouldBe("T");
        var bytes = Sys.Serialization.Serialize(new Text("hello"));
        Sys.Serialization.Deserialize(bytes, serializer.Identifier, manifest).ShouldBe(new Text("hello"));
    }

    [Fact]
    public void Unknown_identifier_is_refused() =>
        Should.Throw<SerializationException>(() => Sys.Serialization.Deserialize([], 4711, "T"));

    [Fact]
    public void Reference_makes_the_round_trip_through_its_path()
    {
        var text = Akka.Serialization.Serialization.SerializedActorPath(TestActor);
        ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(text).ShouldBe(TestActor);
    }

    private interface IText;

    private sealed record Text(string Value) : IText;

    private sealed class TextSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 1001;

        public override string Manifest(object o) => "T";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Text)obj).Value);

        public override object FromBinary(byte[] bytes, string manifest) => new Text(Encoding.UTF8.GetString(bytes));
    }
}
