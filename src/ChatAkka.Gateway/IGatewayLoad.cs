namespace ChatAkka.Gateway;

/// <summary>How much this node has to do. Thread-safe, and never waits.</summary>
public interface IGatewayLoad
{
    /// <summary>Sockets that are open.</summary>
    int Sockets { get; }
}
