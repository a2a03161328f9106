using System.Data.Common;

namespace ChatAkka.Storage.Contents;

/// <summary>What the databases of <see cref="RelationalContents"/> have in common.</summary>
internal static class RelationalRow
{
    /// <summary>The values of the row that a reader stands at.</summary>
    public static object?[] Of(DbDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
        }

        return row;
    }

    /// <summary>What is thrown of a row that a constraint forbids.</summary>
    public static InvalidOperationException Forbidden(DbException reason) => new("A constraint of the table forbids the row.", reason);
}
