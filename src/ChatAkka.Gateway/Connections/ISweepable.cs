namespace ChatAkka.Gateway.Connections;

/// <summary>Something with deadlines, looked at once a second.</summary>
internal interface ISweepable
{
    /// <summary>Called by one thread at a time; false if it needn't be called again.</summary>
    /// <param name="now">A timestamp of the node's clock.</param>
    bool Sweep(long now);
}
