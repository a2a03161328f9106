using System.Net.Sockets;
using ChatAkka.Domain.Timelines;
using Npgsql;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>Which failures are the server's rather than a statement's, and what to say of them.</summary>
internal static class PostgresErrors
{
    /// <summary>What <c>advance_heads</c> raises: a sequence nr is taken.</summary>
    public const string HeadTaken = "CA001";

    /// <summary>True if the server could not do its work, or its answer was lost, so that any other statement may fail as well.</summary>
    public static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException server => IsServersFault(server.SqlState),
        NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>True if the statement lost against another that ran at the same time: it may be repeated at once.</summary>
    public static bool IsCollision(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    public static StorageUnavailableException Unavailable(Exception e) => new(Sentence(e), e);

    /// <summary>What is wrong, for the operator. Names the server's address, never a password.</summary>
    public static string Sentence(Exception e) => e switch
    {
        ObjectDisposedException => "The store is closed.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "The disk that holds the database is full.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
            "PostgreSQL is read-only: it is a standby, or was set so.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
            "PostgreSQL has no connection left: raise its max_connections, or lower Storage:MaxConnections.",
        PostgresException server => $"PostgreSQL can't do it (SQLSTATE {server.SqlState}: {server.MessageText}).",
        _ when e.GetBaseException() is TimeoutException => "PostgreSQL doesn't answer in time.",
        _ => $"PostgreSQL can't be reached: {e.GetBaseException().Message}",
    };

    // By class: connection, authorization, missing database, resources, intervention by the operator, system error, internal
    // error; and what a missing right and a standby say.
    private static bool IsServersFault(string state) =>
        state[..2] is "08" or "28" or "3D" or "53" or "57" or "58" or "XX"
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege;
}
