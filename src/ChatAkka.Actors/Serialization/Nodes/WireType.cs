namespace ChatAkka.Actors.Serialization.Nodes;

/// <summary>How a field's value is laid out: the low three bits of its tag, as Protobuf has them. Groups, 3 and 4, nobody writes any
/// more.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
