using System.Net;

namespace ChatAkka.Replay.Server;

/// <summary>A server that the replay may start, kill and start again on the same data and address.</summary>
internal interface IServerHost : IAsyncDisposable
{
    /// <summary>Where clients connect; the same for the host's whole life.</summary>
    IPEndPoint Address { get; }

    /// <summary>Told why, when the server ends without having been killed.</summary>
    Action<string>? Died { get; set; }

    /// <summary>Lines of errors in its log since this was last asked.</summary>
    IReadOnlyList<string> TakeTroubles() => [];

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Ends it at once, with everything it has in memory, and waits until it is gone.</summary>
    Task KillAsync();
}
