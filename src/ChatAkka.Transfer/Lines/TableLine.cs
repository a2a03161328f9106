using System.Text;
using ChatAkka.Protocol.Codec;
using ChatAkka.Storage.Contents;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Lines;

/// <summary>The rows of one table as lines, with the columns' names; bytes in base64, ids as text.</summary>
internal sealed class TableLine(StoredTable table)
{
    private readonly byte[][] _names = [.. table.Columns.Select(column => Encoding.ASCII.GetBytes(column.Name))];

    public void Write(FrameWriter line, object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            // A field that is null is left out.
            if (row[i] is { } value)
            {
                Write(line.Name(_names[i]), table.Columns[i], value);
            }
        }
    }

    public object?[] Read(LineFields line)
    {
        var row = Array.ConvertAll(table.Columns, column => Read(line, column));
        line.End();
        return row;
    }

    private static void Write(FrameWriter line, StoredColumn column, object value)
    {
        switch (column.Type)
        {
            case ColumnType.Number when column.IsId:
                line.Id((long)value);
                break;
            case ColumnType.Number:
                line.Number((long)value);
                break;
            case ColumnType.Bytes:
                line.String(Convert.ToBase64String((byte[])value));
                break;
            default:
                line.String((string)value);
                break;
        }
    }

    private static object? Read(LineFields line, StoredColumn column)
    {
        object? value = column.Type switch
        {
            ColumnType.Number when column.IsId => line.OptionalId(column.Name),
            ColumnType.Number => line.OptionalNumber(column.Name),
            ColumnType.Bytes => line.OptionalBytes(column.Name),
            _ => line.OptionalText(column.Name),
        };
        return value is not null || column.IsNullable ? value : throw line.Wrong($"has no '{column.Name}'");
    }
}
