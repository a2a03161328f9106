namespace ChatAkka.Transfer.Files;

/// <summary>Reads a file of JSON lines, one line in memory at a time.</summary>
internal sealed class LineReader : IDisposable
{
    private const int FirstBytes = 256 * 1024;

    // Several times the longest text with every character escaped.
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;
    private LineFields? _fields;

    /// <param name="kind">See <see cref="ExportFiles"/>.</param>
    public LineReader(string directory, string kind)
    {
        _path = ExportFiles.Lines(directory, kind);
        _file = new FileStream(
            _path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
    }

    /// <summary>Lines so far; the number of the last one.</summary>
    public long Count { get; private set; }

    /// <summary>The file's name, without its directory.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>The next line's fields, valid until the one after it is asked for; null at the end of the file.</summary>
    /// <exception cref="TransferException">It isn't a JSON object.</exception>
    public async ValueTask<LineFields?> NextAsync(CancellationToken cancel)
    {
        _fields?.Dispose();
        _fields = null;
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan((_start + searched).._end).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(searched + length, end: 1);
            }

            searched = _end - _start;
            if (!await FillAsync(cancel).ConfigureAwait(false))
            {
                return searched == 0 ? null : Take(searched, end: 0);
            }
        }
    }

    /// <summary>What is wrong with the last line, as a failure that names it.</summary>
    public TransferException Wrong(string reason) => new($"Line {Count:D} of {Name} {reason}.");

    /// <exception cref="TransferException">The file, which has been read to its end, has another number of lines.</exception>
    public void RequireCount(long lines)
    {
        if (Count != lines)
        {
            throw new TransferException($"{Name} has {Count:D} lines, but should have {lines:D}: the export isn't whole.");
        }
    }

    public void Dispose()
    {
        _fields?.Dispose();
        _file.Dispose();
    }

    private LineFields Take(int length, int end)
    {
        Count++;
        var line = _buffer.AsMemory(_start, length);
        _start += length + end;
        return _fields = LineFields.Parse(this, line);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Grow();
        }

        var read = await _file.ReadAsync(_buffer.AsMemory(_end), cancel).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    private void Grow()
    {
        if (_buffer.Length >= MostBytes)
        {
            Count++;
            throw Wrong($"is longer than {MostBytes / 1024 / 1024} MiB");
        }

        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
