using System.Security.Cryptography;

namespace ChatAkka.Tests.MultiNode;

/// <summary>How the nodes of a cluster are started.</summary>
/// <param name="Program">The server's dll, or an executable.</param>
internal sealed record ClusterSettings(string Program)
{
    /// <summary>How many to begin with. A single one forms no cluster, unless <see cref="IsAlwaysCluster"/>.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>A single node forms a cluster, too, so that others can be added.</summary>
    public bool IsAlwaysCluster { get; init; }

    /// <summary>Connection string of the PostgreSQL database that all store in; null for SQLite in <see cref="Directory"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Where the nodes run, and keep what they store on SQLite. Null for one that is made, and removed at the end.</summary>
    public string? Directory { get; init; }

    /// <summary>What one node says to another passes through <see cref="ClusterOfServers.Links"/>. Takes Linux, where every address from
    /// 127.0.0.1 to 127.255.255.254 is this machine's.</summary>
    public bool IsLinked { get; init; }

    /// <summary>Signs integrators' tokens, as <c>Auth:IntegratorKey</c> wants it.</summary>
    public string IntegratorKey { get; init; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Settings beyond those that make a cluster, for every node. By default no client is limited.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = Unlimited;

    public static IReadOnlyDictionary<string, string> Unlimited { get; } = new Dictionary<string, string>
    {
        ["Limits:SocketRequestsPerSecond"] = "0",
        ["Limits:AccountRequestsPerSecond"] = "0",
        ["Limits:LogInsPerMinute"] = "0",
    };
}
