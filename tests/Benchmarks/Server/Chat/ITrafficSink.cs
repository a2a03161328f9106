namespace Benchmarks.Server.Chat;

/// <summary>Hears what arrives at the sessions.</summary>
internal interface ITrafficSink
{
    /// <summary>A message arrived: the <paramref name="number"/>th of the session <paramref name="sender"/>.</summary>
    void OnMessage(ChatSession recipient, int sender, long number);

    /// <summary>The server has stored the <paramref name="number"/>th message of the session itself; repeated ones aren't told.</summary>
    void OnAcknowledged(ChatSession sender, long number);
}
