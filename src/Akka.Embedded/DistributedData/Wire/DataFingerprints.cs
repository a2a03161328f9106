using Akka.Actor;

namespace Akka.DistributedData.Wire;

/// <summary>Tells apart copies of values that have no fingerprint of their own, by the bytes that they are sent as.</summary>
internal sealed class DataFingerprints(ExtendedActorSystem system)
{
    private readonly bool _isAlone = ((ActorSystemImpl)system).Remote is null;
    private ulong _last;

    public ulong Of(IReplicatedData data)
    {
        // Where there is nobody to compare with there need be no serializers either: any copy is another one.
        if (_isAlone)
            return ++_last;
        var writer = new WireWriter(system);
        return DataCodec.For(data.GetType()).FingerprintOf(data, writer)
            ?? Fingerprints.Of(Google.Protobuf.MessageExtensions.ToByteArray(writer.Data(data)));
    }
}
