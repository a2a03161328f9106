using ChatAkka.Replay.Server;

namespace ChatAkka.Replay.Faults;

/// <summary>The faults of a single server.</summary>
internal static class ServerFaults
{
    // Some cuts heal before the server has tried once more whether its store is back, others after several tries.
    private static readonly TimeSpan LongestCut = TimeSpan.FromSeconds(3);

    /// <summary>SIGKILL, and another life on the same data.</summary>
    public static IFault Kill(IServerHost server) => new Fault("kill", endsLives: true, async (_, _, _) =>
    {
        await server.KillAsync().ConfigureAwait(false);
        await server.StartAsync(CancellationToken.None).ConfigureAwait(false);
    });

    /// <summary>Cuts the server off from its store, and heals that.</summary>
    public static IFault Cut(IStoreLink link) => new Fault("cut", endsLives: false, async (_, random, time) =>
    {
        link.Cut();
        await Task.Delay(LongestCut * random.NextDouble(), time).ConfigureAwait(false);
        link.Heal();
    });
}
