namespace ChatAkka.Actors;

/// <summary>A message between a connection and an actor of its own node: it never leaves the node, and has no form on the wire.</summary>
public interface ILocalMessage;
