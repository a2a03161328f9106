using System.Globalization;
using System.Text.Json;
using ChatAkka.Domain.Identity;

namespace ChatAkka.Transfer.Files;

/// <summary>
/// The fields of one line, or of an object within it. Whatever a field is not, the failure names file and line and never what the line
/// says. A field that nobody asks for is a failure too: it would be lost without a word.
/// </summary>
internal sealed class LineFields : IDisposable
{
    private readonly LineReader _reader;
    private readonly JsonDocument? _document;
    private readonly JsonElement _object;
    private int _taken;

    private LineFields(LineReader reader, JsonDocument? document, JsonElement item)
    {
        (_reader, _document, _object) = (reader, document, item);
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("isn't a JSON object");
        }
    }

    public static LineFields Parse(LineReader reader, ReadOnlyMemory<byte> line)
    {
        try
        {
            var document = JsonDocument.Parse(line);
            return new LineFields(reader, document, document.RootElement);
        }
        catch (JsonException)
        {
            // The exception quotes the line.
            throw reader.Wrong("isn't JSON");
        }
    }

    public string Text(string name) => OptionalText(name) ?? throw Wrong($"has no text '{name}'");

    /// <summary>Null if it isn't there or null.</summary>
    public string? OptionalText(string name) =>
        TryTake(name, out var value) && value.ValueKind != JsonValueKind.Null ? TextOf(value, name) : null;

    public long Number(string name) => OptionalNumber(name) ?? throw Wrong($"has no number '{name}'");

    /// <summary>Null if it isn't there or null.</summary>
    public long? OptionalNumber(string name)
    {
        if (!TryTake(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw Wrong($"has a '{name}' that is no whole number");
    }

    public long Id(string name) => OptionalId(name) ?? throw Wrong($"has no id '{name}'");

    /// <summary>Null if it isn't there or null.</summary>
    public long? OptionalId(string name)
    {
        var text = OptionalText(name);
        if (text is null)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsCanonical(text)
            ? id
            : throw WrongId(name);
    }

    public UserId User(string name) => new(Canonical(Text(name), name));

    public DeviceId Device(string name) => new(Canonical(Text(name), name));

    public IEnumerable<UserId> Users(string name)
    {
        if (TryTakeArray(name, out var users))
        {
            foreach (var user in users.EnumerateArray())
            {
                yield return new UserId(Canonical(TextOf(user, name), name));
            }
        }
    }

    public ChannelId Channel(string name) => ChannelId.TryParse(Text(name), out var id) ? id : throw WrongId(name);

    public bool Flag(string name) => TryTake(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.ValueKind == JsonValueKind.True
        : throw Wrong($"has no '{name}' that is true or false");

    /// <summary>Null if it isn't there.</summary>
    public byte[]? OptionalBytes(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        var bytes = new byte[text.Length * 3 / 4];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw Wrong($"has a '{name}' that isn't base64");
    }

    /// <summary>The objects of a list.</summary>
    public IEnumerable<LineFields> Objects(string name)
    {
        if (TryTakeArray(name, out var items))
        {
            foreach (var item in items.EnumerateArray())
            {
                yield return new LineFields(_reader, null, item);
            }
        }
    }

    /// <summary>Nothing else may stand there.</summary>
    public void End()
    {
        if (_object.GetPropertyCount() != _taken)
        {
            throw Wrong("has a field that this version doesn't know, or has one twice");
        }
    }

    public TransferException Wrong(string reason) => _reader.Wrong(reason);

    public void Dispose() => _document?.Dispose();

    private bool TryTake(string name, out JsonElement value)
    {
        var found = _object.TryGetProperty(name, out value);
        _taken += found ? 1 : 0;
        return found;
    }

    private bool TryTakeArray(string name, out JsonElement value)
    {
        if (!TryTake(name, out value))
        {
            return false;
        }

        return value.ValueKind == JsonValueKind.Array ? true : throw Wrong($"has a '{name}' that is no list");
    }

    private string TextOf(JsonElement value, string name)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"has a '{name}' that is no text");
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"has a '{name}' that isn't well-formed Unicode");
        }
    }

    // Stored as a number: another spelling would come back as this one.
    private string Canonical(string text, string name) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && IsCanonical(text) ? text : throw WrongId(name);

    private static bool IsCanonical(string digits) => digits.Length == 1 || digits[0] != '0';

    private TransferException WrongId(string name) => Wrong($"has a '{name}' that is no id");
}
