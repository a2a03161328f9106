namespace Benchmarks.Server.Chat;

/// <summary>Hears who comes and goes.</summary>
internal interface IPresenceSink
{
    /// <summary>A session was told that a user whom it watches is there now, or isn't any more.</summary>
    void OnPresence(ChatSession watcher, string user, bool isOnline);
}
