using ChatAkka.Actors.Users;

namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>How one type of message goes from node to node.</summary>
/// <param name="manifest">What it is called on the wire: short, and never the name of another type.</param>
internal abstract class NodeCodec(string manifest, Type type)
{
    public string Manifest { get; } = manifest;

    public Type Type { get; } = type;

    /// <summary>The bytes of a message. Not to be changed: they may be those of the next one.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It names somebody by what is no id.</exception>
    public abstract byte[] Encode(object message);

    /// <param name="bytes">Not to be changed afterwards: they may be kept with the message.</param>
    /// <exception cref="System.Runtime.Serialization.SerializationException">They are no such message.</exception>
    public abstract object Decode(byte[] bytes);
}

/// <summary>A message of fields.</summary>
internal sealed class FieldsCodec<T>(string manifest, Action<T, FieldWriter> write, ReadMessage<T> read) : NodeCodec(manifest, typeof(T))
    where T : class
{
    public override byte[] Encode(object message)
    {
        var writer = FieldWriter.Start();
        write((T)message, writer);
        return writer.ToArray();
    }

    public override object Decode(byte[] bytes)
    {
        var fields = new FieldReader(bytes);
        return read(ref fields);
    }
}

/// <summary>A message that goes to many: it is encoded once for all, and read once.</summary>
internal sealed class BroadcastCodec<T>(string manifest, Action<T, FieldWriter> write, RecentBroadcasts<T> recent)
    : NodeCodec(manifest, typeof(T))
    where T : Broadcast
{
    public override byte[] Encode(object message)
    {
        var broadcast = (T)message;
        if (broadcast.Encoded is null)
        {
            var writer = FieldWriter.Start();
            write(broadcast, writer);
            broadcast.Encoded = writer.ToArray();
        }

        return broadcast.Encoded;
    }

    public override object Decode(byte[] bytes) => recent.Read(bytes, bytes);
}

/// <summary>A message without fields, of which there is one object. What a later version adds to it is passed over.</summary>
internal sealed class SingletonCodec(string manifest, object instance) : NodeCodec(manifest, instance.GetType())
{
    public override byte[] Encode(object message) => [];

    public override object Decode(byte[] bytes) => instance;
}
