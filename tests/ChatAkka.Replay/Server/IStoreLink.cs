namespace ChatAkka.Replay.Server;

/// <summary>The network between the server and its store.</summary>
internal interface IStoreLink
{
    /// <summary>Ends all connections and refuses new ones.</summary>
    void Cut();

    /// <summary>Takes new connections again.</summary>
    void Heal();
}
