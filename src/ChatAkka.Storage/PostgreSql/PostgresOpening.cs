using System.Net.Sockets;
using ChatAkka.Storage.Migrations;
using Dapper;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>Connects to the configured database, checks that it is fit to keep a chat, and migrates it.</summary>
internal static class PostgresOpening
{
    private const int OldestServer = 13;

    // What connections are unless the connection string says otherwise.
    private static readonly (string Name, object Value)[] Defaults =
    [
        ("Application Name", "chatakka"),
        ("Timeout", 3),
        ("Max Auto Prepare", 100),
        ("Auto Prepare Min Usages", 2),
        ("No Reset On Close", true),

        // Each of these would let a silent server keep its callers waiting for seconds beyond the time-out.
        ("Cancellation Timeout", -1),
        ("GSS Encryption Mode", "Disable"),
    ];

    /// <exception cref="StorageOpenException">The sentence says what is wrong.</exception>
    public static async Task<NpgsqlDataSource> OpenAsync(
        StorageOptions options, IReadOnlyList<Migration> migrations, DateTimeOffset now, CancellationToken cancel)
    {
        var source = NpgsqlDataSource.Create(Settings(options));
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel).ConfigureAwait(false);
            await CheckAsync(connection).ConfigureAwait(false);
            await PostgresMigrations.RunAsync(connection, migrations, now, cancel).ConfigureAwait(false);
            return source;
        }
        catch (Exception e)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw e switch
            {
                StorageOpenException => e,
                PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                    new StorageOpenException($"{e.Message} Create the database that Storage:ConnectionString names, or name another.", e),
                NpgsqlException or SocketException => new StorageOpenException(
                    $"The database in Storage:ConnectionString can't be opened: {PostgresErrors.Sentence(e)}", e),
                _ => e,
            };
        }
    }

    private static string Settings(StorageOptions options)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Not the reason itself: it may quote the password.
            throw new StorageOpenException(
                "Storage:ConnectionString can't be read: "
                + "it must be like 'Host=db.example.org;Database=chatakka;Username=chatakka;Password=…'.");
        }

        foreach (var (name, value) in Defaults)
        {
            if (!settings.ShouldSerialize(name))
            {
                settings[name] = value;
            }
        }

        settings.MaxPoolSize = options.MaxConnections;
        settings.CommandTimeout = options.CommandTimeoutSeconds;
        return settings.ConnectionString;
    }

    private static async Task CheckAsync(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new StorageOpenException(
                $"The server is PostgreSQL {connection.PostgreSqlVersion}, but ChatAkka needs {OldestServer} or newer.");
        }

        if (await connection.QuerySingleAsync<string>("SHOW server_encoding").ConfigureAwait(false) is var encoding and not "UTF8")
        {
            throw new StorageOpenException($"The database has the encoding {encoding}; create it with ENCODING 'UTF8'.");
        }

        if (await connection.QuerySingleAsync<string>("SHOW synchronous_commit").ConfigureAwait(false) == "off")
        {
            throw new StorageOpenException(
                "The database has synchronous_commit=off, so a crash could lose messages that were acknowledged. "
                + "Set it to on for this role.");
        }
    }
}
