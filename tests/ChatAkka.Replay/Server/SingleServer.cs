using ChatAkka.Replay.Faults;

namespace ChatAkka.Replay.Server;

/// <param name="link">Between the server and its store; null if it isn't to be cut.</param>
internal sealed class SingleServer(IServerHost host, IStoreLink? link) : IServers
{
    public IService Service { get; } = new OneServer(host.Address);

    public Action<string>? Died
    {
        set => host.Died = value;
    }

    public IReadOnlyList<string> TakeTroubles() => host.TakeTroubles();

    public bool ComeToRest => false;

    public IEnumerable<IFault> FaultsFor(ReplayOptions options) =>
    [
        .. Enumerable.Range(0, options.Kills).Select(_ => ServerFaults.Kill(host)),
        .. Enumerable.Range(0, options.Cuts)
            .Select(_ => ServerFaults.Cut(link ?? throw new ArgumentException("no link can be cut", nameof(options)))),
    ];

    public Task<bool> MendAsync(FaultRecord fault) => Task.FromResult(true);
}
