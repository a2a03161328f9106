using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in the tree of its system, such as <c>akka://chat/user/gateway</c>. Two paths are equal when
/// their elements are; the uid, which tells the incarnations of one path apart, belongs to the reference.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly ActorPath? _parent;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Address = parentPath.Address;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public Address Address { get; }

    public string Name { get; }

    /// <summary>Tells the incarnations of one path apart; 0 when unknown.</summary>
    public long Uid { get; }

    /// <summary>0 for the root.</summary>
    public int Depth { get; }

    public ActorPath Parent => _parent ?? this;

    public ActorPath Root => _parent is null ? this : _parent.Root;

    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var i = Depth; i > 0; i--, path = path.Parent)
                elements[i - 1] = path.Name;
            return elements;
        }
    }

    public ActorPath Child(string childName) => this / childName;

    public ActorPath WithUid(long uid) => _parent is null || uid == Uid ? this : new ChildActorPath(_parent, Name, uid);

    /// <summary>ASCII letters, digits and <see cref="ValidSymbols"/>, or percent-encoded octets; not empty and no leading
    /// <c>$</c>.</summary>
    public static bool IsValidPathElement(string? s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c))
                continue;
            if (c == '%' && i + 2 < s.Length && char.IsAsciiHexDigit(s[i + 1]) && char.IsAsciiHexDigit(s[i + 2]))
                i += 2;
            else
                return false;
        }

        return true;
    }

    /// <exception cref="UriFormatException">The text is not a path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var result) ? result : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path, out var address, out var rest))
            return false;
        var hash = rest.IndexOf('#');
        var uid = 0L;
        if (hash >= 0 && !long.TryParse(rest.AsSpan(hash + 1), out uid))
            return false;
        actorPath = new RootActorPath(address);
        foreach (var element in (hash < 0 ? rest : rest[..hash]).Split('/', StringSplitOptions.RemoveEmptyEntries))
            actorPath /= element;
        actorPath = actorPath.WithUid(uid);
        return true;
    }

    public string ToStringWithoutAddress() => "/" + string.Join('/', Elements);

    public string ToStringWithAddress() => ToStringWithAddress(Address);

    /// <summary>The path with <paramref name="address"/> in place of a local one.</summary>
    public string ToStringWithAddress(Address address) => $"{(Address.HasGlobalScope ? Address : address)}{ToStringWithoutAddress()}";

    public string ToStringWithUid() => Uid == 0 ? ToString() : $"{this}#{Uid}";

    public string ToSerializationFormat() => ToStringWithUid();

    public string ToSerializationFormatWithAddress(Address address) =>
        Uid == 0 ? ToStringWithAddress(address) : $"{ToStringWithAddress(address)}#{Uid}";

    public override string ToString() => $"{Address}{ToStringWithoutAddress()}";

    public bool Equals(ActorPath? other)
    {
        if (other is null || Depth != other.Depth || Address != other.Address)
            return false;
        var (left, right) = (this, other);
        for (; left._parent is not null && right._parent is not null; left = left._parent, right = right._parent)
        {
            if (ReferenceEquals(left, right))
                return true;
            if (left.Name != right.Name)
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Address);
        for (var path = this; path._parent is not null; path = path._parent)
            hash.Add(path.Name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public int CompareTo(ActorPath? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public static ActorPath operator /(ActorPath path, string name)
    {
        var hash = name.IndexOf('#');
        return hash < 0 ? new ChildActorPath(path, name, 0) : new ChildActorPath(path, name[..hash], long.Parse(name.AsSpan(hash + 1)));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
        {
            if (element.Length > 0)
                path /= element;
        }

        return path;
    }

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);
}

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, name);

/// <summary>A path below another one.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid);
