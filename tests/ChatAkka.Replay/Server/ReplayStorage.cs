using System.Net.Sockets;
using ChatAkka.Replay.Data;
using ChatAkka.Tests.MultiNode;
using Npgsql;

namespace ChatAkka.Replay.Server;

/// <summary>
/// Where the server of a run keeps its data: a directory, and with PostgreSQL a database too, made before and removed after. What broke a
/// promise is kept.
/// </summary>
internal sealed class ReplayStorage
{
    private readonly string? _database;
    private readonly LinkToServer? _link;

    private ReplayStorage(string? database, bool mayBeCut, PrivatePostgres? postgres)
    {
        (_database, _link, Postgres) = (database, mayBeCut ? new LinkToServer(database!) : null, postgres);
        Directory = System.IO.Directory.CreateTempSubdirectory("chatakka-replay-").FullName;
    }

    public string Directory { get; }

    /// <summary>How the server reaches its database; null if it has none.</summary>
    public string? ConnectionString => _link?.ConnectionString ?? Postgres?.ConnectionString ?? _database;

    /// <summary>The PostgreSQL server, if it may be killed; it is the run's own then, and never kept.</summary>
    public PrivatePostgres? Postgres { get; }

    /// <summary>What can be cut; null if nothing is to be.</summary>
    public IStoreLink? Link => _link is null ? null : new StoreLink(_link);

    /// <exception cref="MissingDataException">No PostgreSQL server is named, or none answers, or none can be made that may be
    /// killed.</exception>
    public static async Task<ReplayStorage> CreateAsync(bool onPostgres, bool mayBeCut, bool mayBeKilled = false)
    {
        if (mayBeKilled && PrivatePostgres.Missing is { } missing)
        {
            throw new MissingDataException(missing);
        }

        return mayBeKilled
            ? new ReplayStorage(null, mayBeCut: false, await PrivatePostgres.StartAsync().ConfigureAwait(false))
            : new ReplayStorage(onPostgres ? await CreateDatabaseAsync().ConfigureAwait(false) : null, mayBeCut, null);
    }

    /// <param name="keep">Leaves it where it is, and says where.</param>
    public async Task ClearAsync(bool keep, TextWriter output)
    {
        if (_link is not null)
        {
            await _link.DisposeAsync().ConfigureAwait(false);
        }

        if (Postgres is not null)
        {
            await Postgres.DisposeAsync().ConfigureAwait(false);
        }

        if (keep)
        {
            output.WriteLine($"The server's data was kept in '{(_database is null ? Directory : PostgresDatabases.NameOf(_database))}'.");
            return;
        }

        System.IO.Directory.Delete(Directory, recursive: true);
        if (_database is not null)
        {
            await PostgresDatabases.DropAsync(_database).ConfigureAwait(false);
        }
    }

    private static async Task<string> CreateDatabaseAsync()
    {
        if (!PostgresDatabases.IsNamed)
        {
            throw new MissingDataException(
                $"--postgres needs a PostgreSQL server: set {PostgresDatabases.Variable} to its connection string");
        }

        try
        {
            return await PostgresDatabases.CreateAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or ArgumentException)
        {
            // Not what can't be read itself: it may have the password.
            var reason = e is ArgumentException ? "it can't be read" : e.Message.TrimEnd('.');
            throw new MissingDataException(
                $"no database can be made on the PostgreSQL server that {PostgresDatabases.Variable} names: {reason}");
        }
    }

    private sealed class StoreLink(LinkToServer link) : IStoreLink
    {
        public void Cut() => link.Cut();

        public void Heal() => link.Heal();
    }
}
