namespace ChatAkka.Server.Clustering;

/// <summary>Section <c>Cluster</c> of the configuration: whether this node is one of several, and how they find each other.</summary>
public sealed record ClusterOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cluster";

    /// <summary>False for a node that is a messenger by itself; then nothing below is used.</summary>
    public bool Enabled { get; init; }

    /// <summary>The address at which other nodes reach this one: a name or an address of this machine.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The name by which they know it, where that is another one; empty for <see cref="Host"/>.</summary>
    public string PublicHost { get; init; } = "";

    /// <summary>The port for other nodes; 0 for any free one.</summary>
    public int Port { get; init; } = 5100;

    /// <summary>
    /// Nodes of the cluster to join, as <c>host:port</c>, several separated by <c>;</c>. The first one begins the cluster if there is none
    /// yet; it may be this node itself. Empty begins one at once.
    /// </summary>
    public string Seeds { get; init; } = "";

    /// <summary>Which part of a cluster that falls apart goes on: <c>keep-majority</c> or <c>keep-oldest</c>.</summary>
    public string SplitBrain { get; init; } = "keep-majority";

    /// <summary>Seconds that it must have been the same nodes that can't be reached before they are given up.</summary>
    public int StableAfterSeconds { get; init; } = 3;

    /// <summary>Mutual TLS between nodes.</summary>
    public ClusterTlsOptions Tls { get; init; } = new();

    /// <summary><see cref="Seeds"/>, each by itself.</summary>
    internal string[] SeedTexts => Seeds.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>One sentence for each setting that can't be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return "Cluster:Host must be a host name or an address.";
        }

        if (PublicHost.Length > 0 && Uri.CheckHostName(PublicHost) == UriHostNameType.Unknown)
        {
            yield return "Cluster:PublicHost must be a host name or an address, or empty.";
        }

        if (Port is < 0 or > ushort.MaxValue)
        {
            yield return "Cluster:Port must be between 0 and 65535.";
        }

        foreach (var seed in SeedTexts)
        {
            if (!TryParseSeed(seed, out _, out _))
            {
                yield return $"Cluster:Seeds must be nodes such as 10.0.0.5:5100, separated by ';', but has '{seed}'.";
            }
        }

        if (SplitBrain is not ("keep-majority" or "keep-oldest"))
        {
            yield return "Cluster:SplitBrain must be keep-majority or keep-oldest.";
        }

        if (StableAfterSeconds < 1)
        {
            yield return "Cluster:StableAfterSeconds must be at least 1.";
        }

        foreach (var error in Tls.Validate())
        {
            yield return error;
        }
    }

    /// <summary>Splits <c>host:port</c>; an IPv6 address is in brackets.</summary>
    internal static bool TryParseSeed(string seed, out string host, out int port)
    {
        (host, port) = ("", 0);
        var colon = seed.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(seed.AsSpan(colon + 1), out port) || port is < 1 or > ushort.MaxValue)
        {
            return false;
        }

        host = seed[..colon].Trim('[', ']');
        return Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }
}

/// <summary>The certificates with which nodes prove to each other that they belong together. All three, or none for plain TCP.</summary>
public sealed record ClusterTlsOptions
{
    /// <summary>PEM file of this node's certificate, valid for the host by which other nodes know it.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>PEM file of its private key.</summary>
    public string Key { get; init; } = "";

    /// <summary>PEM file of the authority that has issued the certificates of all nodes, and of nobody else.</summary>
    public string Authority { get; init; } = "";

    internal bool IsOff => Certificate.Length == 0 && Key.Length == 0 && Authority.Length == 0;

    internal IEnumerable<string> Validate()
    {
        if (IsOff)
        {
            yield break;
        }

        if (Certificate.Length == 0 || Key.Length == 0 || Authority.Length == 0)
        {
            yield return "Cluster:Tls needs Certificate, Key and Authority; or none of them, for links without TLS.";
            yield break;
        }

        if (ClusterCertificates.Check(this) is { } error)
        {
            yield return error;
        }
    }
}
