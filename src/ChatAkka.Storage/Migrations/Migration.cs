using System.Globalization;
using System.Reflection;

namespace ChatAkka.Storage.Migrations;

/// <summary>A numbered script that brings a database forward by one version. Numbers start at 1 and have no gap.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The scripts for SQLite, in order.</summary>
    public static IReadOnlyList<Migration> Sqlite { get; } = Load("ChatAkka.Storage.Migrations.Sqlite.");

    /// <summary>The scripts for PostgreSQL, in order.</summary>
    public static IReadOnlyList<Migration> PostgreSql { get; } = Load("ChatAkka.Storage.Migrations.PostgreSql.");

    /// <summary>The scripts that a database of a version lacks.</summary>
    /// <exception cref="StorageOpenException">The database is newer than the scripts.</exception>
    public static IEnumerable<Migration> After(int version, IReadOnlyList<Migration> migrations)
    {
        var newest = migrations[^1].Version;
        return version <= newest
            ? migrations.Where(migration => migration.Version > version)
            : throw new StorageOpenException(
                $"The database has schema version {version}, but this program knows none above {newest}: "
                + "it was written by a newer version. Run that one.");
    }

    private static Migration[] Load(string prefix) =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(resource => resource.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => Read(resource, resource[prefix.Length..])),
    ];

    private static Migration Read(string resource, string file)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return new Migration(
            int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(file), reader.ReadToEnd());
    }
}
