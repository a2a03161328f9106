using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>Where an actor system lives: <c>akka://name</c> locally, <c>akka.tcp://name@host:port</c> on a network.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable
{
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    public string Protocol { get; }

    public string System { get; }

    public string? Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !HasLocalScope;

    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <summary>The address without its protocol.</summary>
    public string HostPort() => HasLocalScope ? System : $"{System}@{Host}:{Port}";

    /// <exception cref="UriFormatException">The text is not an address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var result) ? result : throw new UriFormatException($"Invalid actor address [{address}]");

    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) => TryParse(path, out address, out _);

    /// <summary>Splits <c>protocol://system[@host:port]/rest</c>; <paramref name="absolutUri"/> is <c>/rest</c>.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address, out string absolutUri)
    {
        address = null;
        absolutUri = "/";
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0 || !path.StartsWith("akka", StringComparison.OrdinalIgnoreCase))
            return false;
        var start = scheme + 3;
        var slash = path.IndexOf('/', start);
        var authority = slash < 0 ? path[start..] : path[start..slash];
        if (slash >= 0)
            absolutUri = path[slash..];
        var at = authority.IndexOf('@');
        var system = at < 0 ? authority : authority[..at];
        if (system.Length == 0)
            return false;
        if (at < 0)
        {
            address = new Address(path[..scheme], system);
            return true;
        }

        var colon = authority.LastIndexOf(':');
        if (colon <= at + 1 || !int.TryParse(authority.AsSpan(colon + 1), out var port))
            return false;
        address = new Address(path[..scheme], system, authority[(at + 1)..colon], port);
        return true;
    }

    public bool Equals(Address? other) =>
        other is not null && Port == other.Port && Host == other.Host && System == other.System && Protocol == other.Protocol;

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public int CompareTo(Address? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public int CompareTo(object? obj) => CompareTo(obj as Address);

    public override string ToString() => $"{Protocol}://{HostPort()}";

    public static bool operator ==(Address? left, Address? right) => Equals(left, right);

    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);
}
