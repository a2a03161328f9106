using System.Text.Json;

namespace ChatAkka.Transfer.Files;

/// <summary>What an export says of itself. It is written last: without it the export was interrupted.</summary>
/// <param name="Format">Of the lines. A program reads the formats up to its own.</param>
/// <param name="Program">Which program wrote it.</param>
/// <param name="At">When it was finished, in ms since the Unix epoch.</param>
/// <param name="Lines">The lines of each file, by the file's name without its end.</param>
internal sealed record ExportManifest(int Format, string Program, long At, IReadOnlyDictionary<string, long> Lines)
{
    /// <summary>The format that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The file's name.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <summary>This program, for <see cref="Program"/>.</summary>
    public static string ThisProgram => $"ChatAkka {typeof(ExportManifest).Assembly.GetName().Version?.ToString(3)}";

    /// <exception cref="TransferException">There is none, or none that this program reads.</exception>
    public static async Task<ExportManifest> ReadAsync(string directory, CancellationToken cancel)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            throw new TransferException($"The directory '{directory}' has no {FileName}: it holds no export, or one that was interrupted.");
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            await using (file.ConfigureAwait(false))
            {
                using var json = await JsonDocument.ParseAsync(file, cancellationToken: cancel).ConfigureAwait(false);
                return Read(json.RootElement);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new TransferException($"{FileName} in '{directory}' can't be read: the export was interrupted, or the file is damaged.");
        }
    }

    /// <summary>It is on the disk when the task completes.</summary>
    public async Task WriteAsync(string directory, CancellationToken cancel)
    {
        var file = ExportFiles.Create(Path.Combine(directory, FileName));
        await using (file.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, cancel).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>How many lines a file must have.</summary>
    /// <exception cref="TransferException">It isn't mentioned.</exception>
    public long LinesOf(string kind) =>
        Lines.TryGetValue(kind, out var count)
            ? count
            : throw new TransferException($"{FileName} doesn't say how many lines {kind}.jsonl has.");

    private static ExportManifest Read(JsonElement json)
    {
        // First of all: what else stands in a newer format is unknown.
        var format = json.GetProperty("format").GetInt32();
        return format > CurrentFormat
            ? throw new TransferException(
                $"The export has format {format}, but this program reads none above {CurrentFormat}: it was written by a newer version. "
                + "Import it with that one.")
            : json.Deserialize<ExportManifest>(Json)!;
    }
}
