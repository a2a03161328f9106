namespace ChatAkka.Actors;

/// <summary>
/// A message that may leave its node, besides those that are addressed to channels and users, what channels reply, and broadcasts: all of
/// them have a codec in <see cref="Serialization.Nodes.NodeMessages"/>. Internal messages never leave, which actors tell themselves, nor
/// does an <see cref="ILocalMessage"/>. Tests keep it so.
/// </summary>
public interface INodeMessage;
