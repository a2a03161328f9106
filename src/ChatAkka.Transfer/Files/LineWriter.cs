using ChatAkka.Protocol.Codec;

namespace ChatAkka.Transfer.Files;

/// <summary>Writes a file of JSON lines.</summary>
internal sealed class LineWriter : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly FrameWriter _line = new();
    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _length;

    /// <param name="kind">See <see cref="ExportFiles"/>.</param>
    public LineWriter(string directory, string kind) => _file = ExportFiles.Create(ExportFiles.Lines(directory, kind));

    /// <summary>Lines so far.</summary>
    public long Count { get; private set; }

    /// <summary>Starts the next line's object.</summary>
    public FrameWriter Start()
    {
        _line.Clear();
        return _line.StartObject();
    }

    /// <summary>Ends the object and the line.</summary>
    public void End()
    {
        _line.EndObject();
        Add(_line.Written);
        Add("\n"u8);
        Count++;
    }

    /// <summary>Ends the line of a stored event. If what the line says would be stored as other bytes than it was, a newer version's field
    /// among them, the bytes go along: nothing is lost.</summary>
    public void End(byte[] stored, byte[] said)
    {
        if (!said.AsSpan().SequenceEqual(stored))
        {
            _line.Name("raw"u8).String(Convert.ToBase64String(stored));
        }

        End();
    }

    /// <summary>Everything is on the disk when it returns.</summary>
    public void Complete()
    {
        Write();
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _length)
        {
            Write();
        }

        if (bytes.Length > _buffer.Length)
        {
            _file.Write(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Write()
    {
        _file.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
