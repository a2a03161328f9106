using ChatAkka.Storage.Sqlite;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>Neighbouring rows mostly have the same manifest: it is decoded once.</summary>
internal struct ManifestReader
{
    private byte[]? _bytes;
    private string? _text;

    public string Read(SqliteStatement statement, int column)
    {
        var bytes = statement.Bytes(column);
        if (_text is null || !bytes.SequenceEqual(_bytes))
        {
            _bytes = bytes.ToArray();
            _text = System.Text.Encoding.UTF8.GetString(bytes);
        }

        return _text;
    }
}
