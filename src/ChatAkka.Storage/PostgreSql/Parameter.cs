using Npgsql;
using NpgsqlTypes;

namespace ChatAkka.Storage.PostgreSql;

/// <summary>Positional parameters, typed: nothing is boxed, and the server needn't guess.</summary>
internal static class Parameter
{
    public static NpgsqlParameter<long> Of(long value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter<int> Of(int value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter<string> Of(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter<byte[]> Of(byte[] value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter<long[]> Of(long[] values) => new()
    {
        TypedValue = values,
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
    };

    public static NpgsqlParameter<int[]> Of(int[] values) => new()
    {
        TypedValue = values,
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
    };

    public static NpgsqlParameter<string[]> Of(string[] values) => new()
    {
        TypedValue = values,
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    public static NpgsqlParameter<byte[][]> Of(byte[][] values) => new()
    {
        TypedValue = values,
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
    };
}
