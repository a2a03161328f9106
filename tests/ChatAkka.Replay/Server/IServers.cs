using ChatAkka.Replay.Faults;

namespace ChatAkka.Replay.Server;

/// <summary>The servers of a replay, which are ready, and what can happen to them.</summary>
internal interface IServers
{
    IService Service { get; }

    /// <summary>Told why, when a server ends although nothing was done to it.</summary>
    Action<string>? Died { set; }

    /// <summary>Lines of errors in the servers' logs since this was last asked, except those that a fault explains.</summary>
    IReadOnlyList<string> TakeTroubles();

    /// <summary>After a fault everything has to come to rest before the next.</summary>
    bool ComeToRest { get; }

    /// <summary>New ones for a scenario.</summary>
    IEnumerable<IFault> FaultsFor(ReplayOptions options);

    /// <summary>Starts again what has ended after a fault; true if everything is there.</summary>
    Task<bool> MendAsync(FaultRecord fault);
}
